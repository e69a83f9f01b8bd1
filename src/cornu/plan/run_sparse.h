#pragma once

// The gradients of a convolution where most of dy is 0, as behind relu and max pooling: sums of the
// terms that are not, in the order of the products of all (kernels/sparse.h).

#include <algorithm>
#include <cstddef>

#include "cornu/plan/frame.h"
#include "cornu/plan/run_product.h"
#include "cornu/plan/windows.h"

namespace cornu::inline v0 {

/// Whether leaving out zeros is faster, with `terms` of `all` products of a number of dy and
/// `depth` others left. A term takes as long as 2.5 of a product that leaves out none, and to list
/// it as long as 250 multiply-adds: measured (docs/notes/measurements.md).
inline bool is_sparse(int64_t terms, int64_t all, int64_t depth) {
  const double cost = 2.5 + 250 / static_cast<double>(depth);
  return static_cast<double>(terms) * cost < static_cast<double>(all);
}
/// The terms that lists have room for at once.
constexpr int64_t kTermsAtOnce = int64_t{1} << 15;

/// A member's scratch, given out piece by piece; from nullptr it only measures.
class Pieces {
 public:
  explicit Pieces(void* begin) : begin_(static_cast<std::byte*>(begin)) {}
  template <class X>
  X* take(int64_t count) {
    std::byte* const piece = begin_ == nullptr ? nullptr : begin_ + used_;
    used_ += (count * static_cast<int64_t>(sizeof(X)) + 63) / 64 * 64;
    return reinterpret_cast<X*>(piece);
  }
  int64_t bytes() const { return used_; }

 private:
  std::byte* begin_;
  int64_t used_ = 0;
};

/// Lists of terms, and the sums that they are added to.
template <class T>
struct TermLists {
  int64_t windows;  ///< at once
  kernels::TermOf<T>* terms;
  int64_t* begins;
  int64_t* ends;
  const T** from;
  T** to;
  int64_t* from_offset;
  int64_t* to_offset;

  static int64_t windows_at_once(int64_t windows, int64_t filters) {
    return std::clamp<int64_t>(kTermsAtOnce / filters, 1, windows);
  }
  /// From one list of so many terms to the next: an odd number of cache lines, since lists that are
  /// a power of two apart would evict each other.
  static int64_t apart(int64_t terms) { return ((terms + 3) / 4 | 1) * 4; }
  TermLists(Pieces& pieces, int64_t all_windows, int64_t filters, int64_t spans)
      : windows(windows_at_once(all_windows, filters)),
        terms(pieces.take<kernels::TermOf<T>>(apart(windows) * filters)),
        begins(pieces.take<int64_t>(std::max(windows, filters))),
        ends(pieces.take<int64_t>(std::max(windows, filters))),
        from(pieces.take<const T*>(std::max(all_windows, filters))),
        to(pieces.take<T*>(std::max(all_windows, filters))),
        from_offset(pieces.take<int64_t>(spans)),
        to_offset(pieces.take<int64_t>(spans)) {}
};

/// y = epilogue(start + 0), for `rows` rows of `cols` numbers.
template <class T>
void finish_sums(const T* start, int64_t start_row, T* y, int64_t y_row, int64_t rows, int64_t cols,
                 const kernels::EpilogueOf<T>& epilogue, const Frame<T>& f) {
  f.kernels.product({.x = f.scratch,
                     .x_row = 0,
                     .x_col = 0,
                     .w = f.scratch,
                     .w_row = 0,
                     .w_col = 0,
                     .start = start,
                     .start_row = start_row,
                     .y = y,
                     .y_row = y_row,
                     .rows = rows,
                     .cols = cols,
                     .depth = 0,
                     .pack = f.scratch,
                     .epilogue = epilogue});
}

/// dw of a convolution, filter by filter: the sums of a filter are contiguous until they are
/// finished. Windows are those of the images that `ScratchWindows` has chosen.
template <class T>
class SparseKernel {
 public:
  SparseKernel(const WindowLayout& layout, int64_t at_once, const Op& op, const Frame<T>& f,
               void* scratch)
      : layout_(layout),
        op_(op),
        f_(f),
        filters_(f.last(op.in[1])),
        rows_(f.lines(op, op.out[0])),
        cols_(f.cols(op, op.out[0])),
        pieces_(scratch),
        lists_(pieces_, at_once * layout.windows(), filters_, layout.pixels()),
        turned_(pieces_.take<T>(cols_.size() * rows_.size())) {}

  static int64_t bytes(const WindowLayout& layout, int64_t at_once, int64_t filters) {
    Pieces pieces(nullptr);
    TermLists<T>(pieces, at_once * layout.windows(), filters, layout.pixels());
    pieces.take<T>(layout.depth() * filters);
    return pieces.bytes();
  }

  /// Adds the terms of the images `now`, if leaving out zeros is faster and changes no bit: 0 · x
  /// is not 0 where x is not finite.
  bool add(const Range& now, ScratchWindows<T>& windows) {
    const int64_t size = now.size() * layout_.windows() * filters_;
    const T* const dy = f_.at(op_.in[1]) + now.begin * layout_.windows() * filters_;
    if (!is_sparse(f_.kernels.count_nonzero(dy, size), size, layout_.depth())) return false;
    for (int64_t i = 0; i < now.size(); ++i) {
      if (!f_.kernels.all_finite(windows.get().images[i], layout_.image_size())) return false;
    }
    turn(now.begin);
    find_windows(now.size(), windows.get());
    const int64_t groups = layout_.channels / layout_.group_channels;
    for (int64_t group = 0; group < groups; ++group) {
      const int64_t size_of_group = filters_ / groups;
      const Range own = {std::max(cols_.begin, group * size_of_group),
                         std::min(cols_.end, (group + 1) * size_of_group)};
      if (own.size() <= 0) continue;
      if (groups > 1) windows.choose_group(group);
      add_group(now.size() * layout_.windows(), dy, own, windows.get().element);
    }
    return true;
  }

  /// Writes sums back to y, if they are not there.
  void turn_back() {
    if (!is_turned_) return;
    const int64_t lines = rows_.size();
    for (int64_t c = 0; c < cols_.size(); ++c) {
      f_.kernels.copy({turned_ + c * lines, 1, y() + c, filters_, lines, 1, false});
    }
    is_turned_ = false;
  }

  /// After the last images: the epilogue, if no product has applied it.
  void finish() {
    if (!is_turned_) return;
    turn_back();
    const int64_t offset = rows_.begin * filters_ + cols_.begin;
    finish_sums(y(), filters_, y(), filters_, rows_.size(), cols_.size(), epilogue(op_, f_, offset),
                f_);
  }

 private:
  T* y() const { return f_.at(sums_slot(op_)) + rows_.begin * filters_ + cols_.begin; }

  // Makes the sums of each filter contiguous.
  void turn(int64_t first_image) {
    if (is_turned_) return;
    is_turned_ = true;
    const int64_t lines = rows_.size();
    if (first_image == 0 && !op_.accumulate) {
      std::fill_n(turned_, lines * cols_.size(), T{0});
      return;
    }
    for (int64_t c = 0; c < cols_.size(); ++c) {
      f_.kernels.copy({y() + c, filters_, turned_ + c * lines, 1, lines, 1, false});
    }
  }

  void find_windows(int64_t images, const kernels::WindowsOf<T>& w) {
    const T** at = lists_.from;
    for (int64_t i = 0; i < images; ++i) {
      for (int64_t p = 0; p < layout_.windows(); ++p) *at++ = w.images[i] + w.window[p];
    }
  }

  void add_group(int64_t windows, const T* dy, const Range& own, const int64_t* element) {
    for (int64_t c = 0; c < own.size(); ++c) {
      lists_.to[c] = turned_ + (own.begin - cols_.begin + c) * rows_.size();
    }
    for (int64_t first = 0; first < windows; first += lists_.windows) {
      const int64_t count = std::min(lists_.windows, windows - first);
      f_.kernels.list_terms({.x = dy + first * filters_ + own.begin,
                             .x_row = filters_,
                             .rows = count,
                             .cols = own.size(),
                             .by_columns = true,
                             .from = lists_.from + first,
                             .terms = lists_.terms,
                             .apart = lists_.apart(count),
                             .begins = lists_.begins,
                             .ends = lists_.ends});
      add_lines(own.size(), element);
    }
  }

  // The lines of this member, by spans of equal size: those that it has the end, all, or the
  // begin of.
  void add_lines(int64_t lists, const int64_t* element) {
    const int64_t span = layout_.span();
    for (int64_t line = rows_.begin; line < rows_.end;) {
      const int64_t whole = line % span == 0 ? (rows_.end - line) / span : 0;
      const int64_t end = whole > 0 ? line + span : std::min(rows_.end, (line / span + 1) * span);
      const int64_t spans = std::max<int64_t>(whole, 1);
      for (int64_t s = 0; s < spans; ++s) {
        lists_.from_offset[s] = element[line + s * span];
        lists_.to_offset[s] = line + s * span - rows_.begin;
      }
      f_.kernels.add_terms({.terms = lists_.terms,
                            .begins = lists_.begins,
                            .ends = lists_.ends,
                            .lists = lists,
                            .to = lists_.to,
                            .from_offset = lists_.from_offset,
                            .to_offset = lists_.to_offset,
                            .spans = spans,
                            .span = end - line});
      line += spans * (end - line);
    }
  }

  const WindowLayout& layout_;
  const Op& op_;
  const Frame<T>& f_;
  const int64_t filters_;
  const Range rows_, cols_;
  Pieces pieces_;
  TermLists<T> lists_;
  T* turned_;  ///< by filter, the lines of this member
  bool is_turned_ = false;
};

/// dx of a convolution, image by image: each dy that is not 0 adds a filter to its window.
template <class T>
class SparseBack {
 public:
  /// `layout` is the convolution's own.
  SparseBack(const WindowLayout& layout, const ops::Sliding& sliding, const Op& op,
             const Frame<T>& f, void* scratch)
      : layout_(layout),
        sliding_(sliding),
        op_(op),
        f_(f),
        filters_(f.last(op.in[0])),
        pieces_(scratch),
        lists_(pieces_, layout.windows(), filters_, layout.pixels()),
        window_(pieces_.take<int64_t>(layout.windows())),
        element_(pieces_.take<int64_t>(layout.depth())),
        image_(pieces_.take<T>(layout.image_size())),
        packed_(pieces_.take<T>(layout.depth() * filters_)) {
    layout.find_windows(window_);
  }

  static int64_t bytes(const WindowLayout& layout, int64_t filters) {
    Pieces pieces(nullptr);
    TermLists<T>(pieces, layout.windows(), filters, layout.pixels());
    pieces.take<int64_t>(layout.windows());
    pieces.take<int64_t>(layout.depth());
    pieces.take<T>(layout.image_size());
    pieces.take<T>(layout.depth() * filters);
    return pieces.bytes();
  }

  /// Computes dx of the images `now`, if leaving out zeros is faster; a product would also multiply
  /// the zeros around and between the pixels of dy.
  bool compute(const Range& now) {
    const int64_t size = now.size() * layout_.windows() * filters_;
    const T* const dy = f_.at(op_.in[0]) + now.begin * layout_.windows() * filters_;
    const int64_t all = now.size() * layout_.stored[0] * layout_.stored[1] * filters_;
    if (!is_sparse(f_.kernels.count_nonzero(dy, size), all, layout_.depth())) return false;
    if (!is_packed_) pack();
    for (int64_t i = now.begin; i < now.end; ++i) compute_image(i);
    return true;
  }

 private:
  void compute_image(int64_t i) {
    const int64_t line = layout_.stored[1] * layout_.channels;
    const int64_t padded_line = layout_.padded[1] * layout_.channels;
    const int64_t offset = i * layout_.stored_size();
    T* const inside =
        image_ + layout_.before[0] * padded_line + layout_.before[1] * layout_.channels;
    T* const y = f_.at(op_.out[0]) + offset;
    std::fill_n(image_, layout_.image_size(), T{0});
    if (op_.accumulate) {
      f_.kernels.copy({y, line, inside, padded_line, layout_.stored[0], line, false});
    }
    for (int64_t group = 0; group < sliding_.groups; ++group) add_group(i, group);
    finish_sums<T>(inside, padded_line, y, line, layout_.stored[0], line, epilogue(op_, f_, offset),
                   f_);
  }

  void add_group(int64_t i, int64_t group) {
    const int64_t filters = filters_ / sliding_.groups;
    if (group != group_) choose_group(group);
    const T* const dy = f_.at(op_.in[0]) + i * layout_.windows() * filters_ + group * filters;
    // From the last window to the first, as a product with the kernel turned around adds them.
    for (int64_t end = layout_.windows(); end > 0; end -= lists_.windows) {
      const int64_t count = std::min(lists_.windows, end);
      for (int64_t j = 0; j < count; ++j) lists_.to[j] = image_ + window_[end - 1 - j];
      f_.kernels.list_terms({.x = dy + (end - 1) * filters_,
                             .x_row = -filters_,
                             .rows = count,
                             .cols = filters,
                             .by_columns = false,
                             .from = lists_.from,
                             .terms = lists_.terms,
                             .apart = 0,
                             .begins = lists_.begins,
                             .ends = lists_.ends});
      f_.kernels.add_terms({.terms = lists_.terms,
                            .begins = lists_.begins,
                            .ends = lists_.ends,
                            .lists = count,
                            .to = lists_.to,
                            .from_offset = lists_.from_offset,
                            .to_offset = lists_.to_offset,
                            .spans = layout_.depth() / layout_.span(),
                            .span = layout_.span()});
    }
  }

  void choose_group(int64_t group) {
    const int64_t filters = filters_ / sliding_.groups;
    const int64_t span = layout_.span();
    layout_.find_elements(group, element_);
    for (int64_t c = 0; c < filters; ++c) {
      lists_.from[c] = packed_ + (group * filters + c) * layout_.depth();
    }
    for (int64_t s = 0; s < layout_.depth() / span; ++s) {
      lists_.from_offset[s] = s * span;
      lists_.to_offset[s] = element_[s * span];
    }
    group_ = group;
  }

  // Makes the numbers of each filter contiguous: in w as a product reads it they are a power of two
  // apart, more often than not, and evict each other from a cache.
  void pack() {
    const int64_t channels = layout_.group_channels;
    const int64_t filters = filters_ / sliding_.groups;
    const T* w = f_.at(op_.in[1]);
    for (int64_t group = 0; group < sliding_.groups; ++group) {
      for (int64_t pixel = 0; pixel < layout_.pixels(); ++pixel) {
        T* const to = packed_ + group * filters * layout_.depth() + pixel * channels;
        f_.kernels.copy({w, channels, to, layout_.depth(), filters, channels, false});
        w += filters * channels;
      }
    }
    is_packed_ = true;
  }

  const WindowLayout& layout_;
  const ops::Sliding& sliding_;
  const Op& op_;
  const Frame<T>& f_;
  const int64_t filters_;
  Pieces pieces_;
  TermLists<T> lists_;
  int64_t* window_;
  int64_t* element_;
  T* image_;   ///< dx with what lies around it
  T* packed_;  ///< w, filter by filter
  bool is_packed_ = false;
  int64_t group_ = -1;
};

}  // namespace cornu::inline v0
