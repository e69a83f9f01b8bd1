// The links of a group that has more than eight in the newer form, which every version of HDF5
// writes when a name is not ASCII: messages in a fractal heap, found through a version 2 B-tree.

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "cornu/formats/hdf5_internal.h"

namespace cornu::inline v0::formats::hdf5 {
namespace {

constexpr uint64_t kPointer = 8;
constexpr uint64_t kSum = 4;

// The bytes needed for numbers up to a limit.
uint64_t bytes_for(uint64_t limit) {
  return (std::bit_width(std::max<uint64_t>(limit, 1)) + 7) / 8;
}

// A part that ends with the checksum of what is before it; without signature and checksum.
Cursor checked_part(File& file, uint64_t address, uint64_t length, std::string_view signature,
                    const char* what) {
  Cursor whole = file.claim(address, length, what);
  if (length < signature.size() + kSum) {
    file.corrupt(fmt::format("the {} at address {} is too short", what, address));
  }
  const auto bytes = file.at(address, length - kSum, what).take(length - kSum);
  Cursor body = whole.part(length - kSum, what);
  body.expect(signature);
  if (whole.u32() != lookup3(bytes)) {
    file.corrupt(fmt::format("the checksum of the {} at address {} is wrong", what, address));
  }
  return body;
}

/// A fractal heap: blocks that double in size from row to row of a table, which make one space of
/// offsets. Blocks too large to hold objects are such tables again.
class FractalHeap {
 public:
  FractalHeap(File& file, uint64_t address) : file_(file), address_(address) {
    constexpr uint64_t kLength = 146;
    Cursor header = checked_part(file, address, kLength, "FRHP", "fractal heap");
    header.version(0, 0);
    id_size_ = header.u16();
    if (header.u16() != 0) file.unsupported("a fractal heap with filters cannot be read");
    has_checksums_ = (header.u8() & 0x02) != 0;
    const uint64_t largest_object = header.u32();
    header.skip(12 * kPointer);  // free space, and what is counted
    width_ = header.u16();
    start_ = header.u64();
    largest_block_ = header.u64();
    offset_bits_ = header.u16();
    header.skip(2);  // rows at the beginning
    const uint64_t root = header.u64();
    const uint16_t rows = header.u16();
    require_powers();
    offset_size_ = (offset_bits_ + 7U) / 8;
    length_size_ =
        std::min<uint64_t>((std::countr_zero(largest_block_) + 7U) / 8, bytes_for(largest_object));
    if (root == kUndefined) return;
    if (rows == 0) {
      add_block(root, 0, start_);
    } else {
      add_table(root, 0, rows);
    }
  }

  /// How long the names of objects are.
  uint16_t id_size() const { return id_size_; }

  /// The object that an identifier names.
  Cursor object(Cursor id) const {
    const uint8_t kind = id.u8();
    if ((kind & 0xF0) != 0) file_.unsupported("a link that is not kept in its heap's blocks");
    const uint64_t offset = id.number(offset_size_);
    const uint64_t length = id.number(length_size_);
    auto block = std::ranges::upper_bound(blocks_, offset, {}, &Block::offset);
    if (block == blocks_.begin() || offset - (--block)->offset >= block->size) {
      file_.corrupt(
          fmt::format("the fractal heap at address {} has no offset {}", address_, offset));
    }
    Cursor at = file_.at(block->address, block->size, "fractal heap's block");
    at.skip(offset - block->offset);
    return at.part(length, "link in a fractal heap");
  }

 private:
  /// A block of objects: where it begins among the heap's offsets and in the file.
  struct Block {
    uint64_t offset, size, address;
  };

  void require_powers() const {
    const auto is_power = [](uint64_t number) { return std::has_single_bit(number); };
    if (is_power(width_) && is_power(start_) && is_power(largest_block_) &&
        start_ <= largest_block_ && largest_block_ < uint64_t{1} << 32 && offset_bits_ <= 56 &&
        std::countr_zero(start_) + std::countr_zero(width_) <= offset_bits_) {
      return;
    }
    file_.corrupt(fmt::format("the fractal heap at address {}", address_),
                  "sizes that are powers of two",
                  fmt::format("{} blocks in a row, {} to {} bytes, {} bits", width_, start_,
                              largest_block_, offset_bits_));
  }

  // Rows that a table of this many bytes has: those of 1, 1, 2, 4, … times the first block.
  unsigned rows_of(unsigned bits) const {
    return bits - static_cast<unsigned>(std::countr_zero(start_) + std::countr_zero(width_)) + 1;
  }

  uint64_t block_size(unsigned row) const { return row == 0 ? start_ : start_ << (row - 1); }

  // What stands before the objects or the addresses of a block.
  void read_prefix(Cursor& block, uint64_t offset) const {
    block.version(0, 0);
    if (block.u64() != address_ || block.number(offset_size_) != offset) {
      file_.corrupt(fmt::format("the block before address {} is not of the fractal heap at {}",
                                block.address(), address_));
    }
  }

  void add_block(uint64_t address, uint64_t offset, uint64_t size) {
    Cursor block = file_.claim(address, size, "fractal heap's block");
    block.expect("FHDB");
    read_prefix(block, offset);
    if (has_checksums_) require_checksum(block, address, size);
    blocks_.push_back({offset, size, address});
  }

  // Counted with zeros in its own place.
  void require_checksum(Cursor& block, uint64_t address, uint64_t size) const {
    const uint64_t place = block.address() - address;
    const uint32_t checksum = block.u32();
    const auto bytes = file_.at(address, size, "fractal heap's block").take(size);
    std::vector<std::byte> copy(bytes.begin(), bytes.end());
    std::fill_n(copy.begin() + static_cast<std::ptrdiff_t>(place), kSum, std::byte{0});
    if (checksum == lookup3(copy)) return;
    file_.corrupt(
        fmt::format("the checksum of the fractal heap's block at address {} is wrong", address));
  }

  void add_table(uint64_t address, uint64_t offset, unsigned rows) {
    if (rows > rows_of(offset_bits_)) {
      file_.corrupt(fmt::format("the fractal heap at address {}", address_),
                    fmt::format("at most {} rows", rows_of(offset_bits_)), std::to_string(rows));
    }
    const uint64_t prefix = 4 + 1 + kPointer + offset_size_;
    Cursor table = checked_part(file_, address, prefix + rows * width_ * kPointer + kSum, "FHIB",
                                "fractal heap's table");
    read_prefix(table, offset);
    for (unsigned row = 0; row < rows; ++row) {
      const uint64_t size = block_size(row);
      for (uint64_t i = 0; i < width_; ++i, offset += size) {
        const uint64_t child = table.u64();
        if (child == kUndefined) continue;
        if (size <= largest_block_) {
          add_block(child, offset, size);
        } else {
          add_table(child, offset, inner_rows(size));
        }
      }
    }
  }

  // Fewer than the row in which the table stands, so that tables end.
  unsigned inner_rows(uint64_t size) const {
    if (size < start_ * width_) {
      file_.corrupt(fmt::format("the fractal heap at address {} has a table too small", address_));
    }
    return rows_of(static_cast<unsigned>(std::countr_zero(size)));
  }

  File& file_;
  uint64_t address_;
  uint16_t id_size_ = 0, offset_bits_ = 0;
  bool has_checksums_ = false;
  uint64_t width_ = 0, start_ = 0, largest_block_ = 0, offset_size_ = 0, length_size_ = 0;
  std::vector<Block> blocks_;  ///< by offset
};

/// The version 2 B-tree that lists a group's links by the hashes of their names.
class LinkIndex {
 public:
  LinkIndex(File& file, const FractalHeap& heap) : file_(file), heap_(heap) {}

  std::vector<Cursor> links(uint64_t address) {
    constexpr uint64_t kLength = 38;
    Cursor header = checked_part(file_, address, kLength, "BTHD", "link index");
    read_kind(header, address);
    node_size_ = header.u32();
    record_ = header.u16();
    const uint16_t depth = header.u16();
    header.skip(2);  // when nodes are split and merged
    const uint64_t root = header.u64();
    const uint16_t records = header.u16();
    if (record_ != kHash + heap_.id_size() || node_size_ < kPrefix + kSum || depth > kDeepest) {
      file_.corrupt(fmt::format("the link index at address {}", address),
                    fmt::format("records of {} bytes", kHash + heap_.id_size()),
                    fmt::format("{}, nodes of {} bytes, depth {}", record_, node_size_, depth));
    }
    measure(depth);
    if (root != kUndefined) read_node(root, records, depth);
    return std::move(links_);
  }

 private:
  static constexpr uint64_t kHash = 4;
  static constexpr uint64_t kPrefix = 6;  // signature, version and kind
  static constexpr uint16_t kDeepest = 16;

  void read_kind(Cursor& part, uint64_t address) const {
    constexpr uint8_t kLinksByName = 5;
    part.version(0, 0);
    const uint8_t kind = part.u8();
    if (kind == kLinksByName) return;
    file_.corrupt(fmt::format("the link index at address {}", address),
                  fmt::format("kind {}", kLinksByName), std::to_string(kind));
  }

  // How many bytes the counts of records take that stand beside the addresses of nodes.
  void measure(unsigned depth) {
    const uint64_t room = node_size_ - kPrefix - kSum;
    uint64_t below = room / record_;  // the most records in a node and all below it
    count_size_ = bytes_for(below);
    total_sizes_ = {0};
    for (unsigned level = 1; level <= depth; ++level) {
      const uint64_t pointer = kPointer + count_size_ + total_sizes_.back();
      const uint64_t most = room < pointer ? 0 : (room - pointer) / (record_ + pointer);
      // More records than that are refused anyway.
      below = std::min((most + 1) * below + most, uint64_t{1} << 40);
      total_sizes_.push_back(bytes_for(below));
    }
  }

  void read_node(uint64_t address, uint16_t records, unsigned depth) {
    const uint64_t pointer = depth == 0 ? 0 : kPointer + count_size_ + total_sizes_[depth - 1];
    const uint64_t pointers = depth == 0 ? 0 : (records + uint64_t{1}) * pointer;
    const uint64_t length = kPrefix + records * uint64_t{record_} + pointers + kSum;
    Cursor node =
        checked_part(file_, address, length, depth == 0 ? "BTLF" : "BTIN", "node of a link index");
    read_kind(node, address);
    for (int i = 0; i < records; ++i) {
      node.skip(kHash);
      file_.count_object();
      links_.push_back(heap_.object(node.part(heap_.id_size(), "link's place")));
    }
    if (depth == 0) return;
    for (int i = 0; i <= records; ++i) {
      const uint64_t child = node.u64();
      const auto inside = static_cast<uint16_t>(node.number(count_size_));
      node.skip(total_sizes_[depth - 1]);
      read_node(child, inside, depth - 1);
    }
  }

  File& file_;
  const FractalHeap& heap_;
  uint32_t node_size_ = 0;
  uint16_t record_ = 0;
  uint64_t count_size_ = 0;
  std::vector<uint64_t> total_sizes_;  ///< by depth
  std::vector<Cursor> links_;
};

}  // namespace

std::vector<Cursor> read_dense_links(File& file, const DenseLinks& dense) {
  const FractalHeap heap(file, dense.heap);
  return LinkIndex(file, heap).links(dense.index);
}

}  // namespace cornu::inline v0::formats::hdf5
