#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arrays.h"
#include "bindings.h"
#include "cornu/datasets/picture_batches.h"

namespace cornu::python {
namespace {

using datasets::PictureBatches;

PictureBatches* made(std::vector<std::string> files, int64_t height, int64_t width,
                     int64_t channels, int64_t batch_size, bool nearest, bool crop, bool pad) {
  const datasets::PictureForm form{.height = height,
                                   .width = width,
                                   .channels = channels,
                                   .interpolation = nearest ? "nearest" : "bilinear",
                                   .crop_to_aspect_ratio = crop,
                                   .pad_to_aspect_ratio = pad};
  return new PictureBatches(std::move(files), form, batch_size);
}

nb::object next_batch(PictureBatches& batches) {
  std::optional<Tensor> pictures;
  {
    const nb::gil_scoped_release released;
    pictures = batches.next();
  }
  return pictures ? array_from(std::move(*pictures)) : nb::none();
}

}  // namespace

void bind_pictures(nb::module_& m) {
  nb::class_<PictureBatches>(m, "PictureBatches",
                             "Pictures of files in batches, read ahead on threads.")
      .def("next_batch", next_batch);
  m.def("picture_batches", made, nb::arg("files"), nb::kw_only(), nb::arg("height"),
        nb::arg("width"), nb::arg("channels"), nb::arg("batch_size"), nb::arg("nearest"),
        nb::arg("crop"), nb::arg("pad"), nb::rv_policy::take_ownership);
}

}  // namespace cornu::python
