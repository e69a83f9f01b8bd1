#include "arrays.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <array>
#include <memory>
#include <string>
#include <utility>

#include "cornu/core/array.h"
#include "cornu/core/error.h"

namespace cornu::python {
namespace {

template <class T>
bool holds(const Array& array) {
  return array.dtype() == nb::dtype<T>();
}

DType dtype_of_array(const Array& array) {
  if (holds<float>(array)) return DType::float32;
  if (holds<uint8_t>(array)) return DType::uint8;
  if (holds<int32_t>(array)) return DType::int32;
  if (holds<int64_t>(array)) return DType::int64;
  if (holds<double>(array)) return DType::float64;
  throw Error({.where = "array",
               .expected = "elements of type float32, float64, uint8, int32 or int64",
               .found = std::to_string(array.itemsize()) + " bytes of another type"});
}

nb::dlpack::dtype dlpack_of(DType dtype) {
  switch (dtype) {
    case DType::uint8:
      return nb::dtype<uint8_t>();
    case DType::int32:
      return nb::dtype<int32_t>();
    case DType::int64:
      return nb::dtype<int64_t>();
    case DType::float64:
      return nb::dtype<double>();
    case DType::float32:
      break;
  }
  return nb::dtype<float>();
}

nb::object numpy_over(const std::byte* data, const Shape& shape, DType dtype, nb::handle owner) {
  std::array<size_t, kMaxNdim> extents{};
  for (int axis = 0; axis < shape.ndim(); ++axis) {
    extents[static_cast<size_t>(axis)] = static_cast<size_t>(shape[axis]);
  }
  const nb::ndarray<nb::numpy> array(const_cast<std::byte*>(data),
                                     static_cast<size_t>(shape.ndim()), extents.data(), owner,
                                     nullptr, dlpack_of(dtype));
  const nb::object made = nb::cast(array);
  // NumPy takes DLPack's 64-bit integers for C's long long and shows that type with each array,
  // though its own int64 is C's long.
  return dtype == DType::int64 ? made.attr("view")("int64") : made;
}

template <class T>
nb::capsule capsule_of(T* object) {
  return nb::capsule(object, [](void* owned) noexcept { delete static_cast<T*>(owned); });
}

// The arrays of a Dataset may be released on any thread, and Python's objects need the GIL.
std::shared_ptr<const void> owner_of(std::vector<Array> arrays) {
  return {new std::vector<Array>(std::move(arrays)), [](const void* owned) {
            const nb::gil_scoped_acquire gil;
            delete static_cast<const std::vector<Array>*>(owned);
          }};
}

Dataset samples(const std::vector<Array>& x, const std::vector<Array>& y,
                const std::vector<Array>& weights) {
  std::vector<Array> all = x;
  all.insert(all.end(), y.begin(), y.end());
  Dataset made(views_of(x), views_of(y), owner_of(std::move(all)));
  if (weights.empty()) return made;
  std::vector<Tensor> copies;
  for (const Array& each : weights) copies.emplace_back(view_of(each));
  return made.weighted(std::move(copies));
}

}  // namespace

TensorView view_of(const Array& array) {
  std::vector<int64_t> extents;
  for (size_t axis = 0; axis < array.ndim(); ++axis) {
    extents.push_back(static_cast<int64_t>(array.shape(axis)));
  }
  return {array.data(), Shape(extents), dtype_of_array(array)};
}

std::vector<TensorView> views_of(const std::vector<Array>& arrays) {
  std::vector<TensorView> views;
  for (const Array& each : arrays) views.push_back(view_of(each));
  return views;
}

nb::object array_from(Tensor tensor) {
  auto* const owned = new Tensor(std::move(tensor));
  return numpy_over(owned->data(), owned->shape(), owned->dtype(), capsule_of(owned));
}

nb::object array_over(TensorView view, const Dataset& owner) {
  return numpy_over(view.data(), view.shape(), view.dtype(), capsule_of(new Dataset(owner)));
}

void bind_arrays(nb::module_& m) {
  nb::class_<Dataset>(m, "Samples",
                      "Inputs, targets and weights of samples, in the caller's memory.")
      .def_prop_ro("size", &Dataset::size);
  m.def("samples", samples, nb::arg("x"), nb::arg("y"), nb::arg("weights"));
  m.def("to_categorical", [](const Array& labels, int64_t classes) {
    return array_from(to_categorical(view_of(labels), classes));
  });
}

}  // namespace cornu::python
