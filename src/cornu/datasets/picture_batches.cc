#include "cornu/datasets/picture_batches.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/core/file.h"
#include "cornu/formats/picture.h"
#include "cornu/images/place.h"

namespace cornu::inline v0::datasets {
namespace {

constexpr uint64_t kLargestPicture = uint64_t{256} << 20;

images::Interpolation interpolation_of(const std::string& name) {
  if (name == "bilinear") return images::Interpolation::bilinear;
  if (name == "nearest") return images::Interpolation::nearest;
  const std::vector<std::string> known = {"bilinear", "nearest"};
  throw unknown_name("PictureForm", "interpolation", name, known);
}

images::Place place_in(const PictureForm& form) {
  if (form.crop_to_aspect_ratio && form.pad_to_aspect_ratio) {
    throw Error({.where = "PictureForm",
                 .what = "a picture cannot be cropped and padded",
                 .expected = "crop_to_aspect_ratio or pad_to_aspect_ratio"});
  }
  return {.height = form.height,
          .width = form.width,
          .interpolation = interpolation_of(form.interpolation),
          .filling = form.crop_to_aspect_ratio  ? images::Filling::cropped
                     : form.pad_to_aspect_ratio ? images::Filling::padded
                                                : images::Filling::stretched};
}

}  // namespace

// The threads and what they share. Picture i belongs to batch i ÷ batch size, and a batch to one of
// a few places in turn; a thread waits before a picture whose batch has no place yet.
class PictureBatches::Reading {
 public:
  Reading(std::vector<std::string> files, const PictureForm& form, size_t batch_size, int threads)
      : files_(std::move(files)),
        channels_(form.channels),
        place_(place_in(form)),
        batch_size_(batch_size) {
    // One batch is handed out while the others keep all threads busy.
    const auto members = static_cast<size_t>(threads);
    open_.resize(2 + members / batch_size_);
    threads_.reserve(members);
    for (size_t i = 0; i < std::min(members, files_.size()); ++i) {
      try {
        threads_.emplace_back([this] { read(); });
      } catch (const std::system_error&) {
        if (threads_.empty()) throw;  // else fewer are enough
      }
    }
  }

  ~Reading() {
    {
      const std::scoped_lock lock(mutex_);
      is_over_ = true;
    }
    has_place_.notify_all();
    for (std::thread& each : threads_) each.join();
  }

  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  std::optional<Tensor> next() {
    std::unique_lock lock(mutex_);
    if (taken_ * batch_size_ >= files_.size()) return std::nullopt;
    OpenBatch& batch = place_of(taken_);
    is_read_.wait(lock, [&] { return begun_ > taken_ && batch.left == 0; });
    if (batch.error) std::rethrow_exception(batch.error);
    std::optional<Tensor> pictures = std::move(batch.pictures);
    ++taken_;
    lock.unlock();
    has_place_.notify_all();
    return pictures;
  }

 private:
  // A batch that is being read.
  struct OpenBatch {
    Tensor pictures = {};
    size_t left = 0;                ///< pictures that are not read yet
    std::exception_ptr error = {};  ///< of the picture `failed`
    size_t failed = 0;
  };

  OpenBatch& place_of(size_t batch) { return open_[batch % open_.size()]; }
  bool has_more() const { return !is_over_ && next_ < files_.size(); }

  void begin(size_t number) {
    const size_t rows = std::min(batch_size_, files_.size() - number * batch_size_);
    OpenBatch& batch = place_of(number);
    batch = {.pictures = {}, .left = rows};
    begun_ = number + 1;
    batch.pictures =
        Tensor::unset({static_cast<int64_t>(rows), place_.height, place_.width, channels_});
  }

  void read() {
    std::vector<std::byte> file;
    std::unique_lock lock(mutex_);
    for (;;) {
      has_place_.wait(lock,
                      [&] { return !has_more() || next_ / batch_size_ < taken_ + open_.size(); });
      if (!has_more()) return;
      const size_t picture = next_++;
      const size_t number = picture / batch_size_;
      OpenBatch& batch = place_of(number);
      std::exception_ptr error;
      try {
        if (begun_ == number) begin(number);
        // Of a batch with an error nothing more is needed: the pictures before are all begun.
        if (!batch.error) {
          lock.unlock();
          read_one(files_[picture], picture % batch_size_, batch.pictures, file);
        }
      } catch (...) {
        error = std::current_exception();
      }
      if (!lock.owns_lock()) lock.lock();
      if (error && (!batch.error || picture < batch.failed)) {
        batch.error = error;
        batch.failed = picture;
      }
      if (--batch.left == 0) is_read_.notify_one();
    }
  }

  void read_one(const std::string& path, size_t row, Tensor& pictures,
                std::vector<std::byte>& file) const {
    system_files().read(path, kLargestPicture, [&file](size_t size) {
      file.resize(size);
      return std::span(file);
    });
    const Tensor picture = formats::decode_picture(file, path, channels_);
    const auto all = pictures.span<float>();
    const size_t size = all.size() / static_cast<size_t>(pictures.shape()[0]);
    images::put(picture.view(), place_, all.subspan(row * size, size));
  }

  const std::vector<std::string> files_;
  const int64_t channels_;
  const images::Place place_;
  const size_t batch_size_;
  std::mutex mutex_;  ///< guards all below
  std::condition_variable has_place_, is_read_;
  std::vector<OpenBatch> open_;
  size_t next_ = 0;   ///< picture that is read next
  size_t begun_ = 0;  ///< batches that have had their place
  size_t taken_ = 0;  ///< batches that were handed out
  bool is_over_ = false;
  std::vector<std::thread> threads_;
};

PictureBatches::PictureBatches(std::vector<std::string> files, const PictureForm& form,
                               int64_t batch_size, int threads) {
  const bool has_channels = form.channels == 1 || form.channels == 3 || form.channels == 4;
  if (batch_size < 1 || threads < 1 || !has_channels || form.height < 1 || form.width < 1) {
    throw Error({.where = "PictureBatches",
                 .expected = "batches and sizes of 1 or more, and 1, 3 or 4 channels",
                 .found = std::to_string(batch_size) + " pictures of " +
                          std::to_string(form.height) + " × " + std::to_string(form.width) + " × " +
                          std::to_string(form.channels)});
  }
  reading_ =
      std::make_unique<Reading>(std::move(files), form, static_cast<size_t>(batch_size), threads);
}

PictureBatches::~PictureBatches() = default;

std::optional<Tensor> PictureBatches::next() {
  return reading_->next();
}

}  // namespace cornu::inline v0::datasets
