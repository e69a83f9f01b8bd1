#include "cornu/models/predictor.h"

#include <cstring>
#include <utility>

#include "cornu/core/error.h"
#include "cornu/graph/graph.h"
#include "cornu/models/not_a_number.h"
#include "cornu/models/predictor_internal.h"

namespace cornu::inline v0 {

Predictor::Predictor(std::unique_ptr<Impl> impl) : impl_(std::move(impl), "Predictor") {}
Predictor::Predictor(Predictor&&) noexcept = default;
Predictor& Predictor::operator=(Predictor&&) noexcept = default;
Predictor::~Predictor() = default;

TensorView Predictor::predict(TensorView x) {
  Impl& p = *impl_;
  Tensor& into = p.batch.x[0];
  const bool one = x.shape() == p.sample;
  const int64_t rows = one ? 1 : x.shape().ndim() == 0 ? 0 : x.shape()[0];
  const bool fits = rows >= 1 && rows <= into.shape()[0] && x.dtype() == into.dtype() &&
                    (one || x.shape().without_rows() == p.sample);
  if (!fits) {
    throw Error({.where = "Predictor::predict",
                 .expected = std::string(name(into.dtype())) + " samples " +
                             p.sample.with_rows().str() + ", at most " +
                             std::to_string(into.shape()[0]),
                 .found = std::string(name(x.dtype())) + " " + x.shape().str()});
  }
  std::memcpy(into.data(), x.data(), x.nbytes());
  p.batch.rows = rows;
  p.given = true;
  p.executor->run(p, *p.workspace);
  const TensorView y = p.executor->value(p.executor->plan().outputs[0], *p.workspace, rows);
  refuse_not_a_number(y, p.batch, p.executor->plan());
  return y;
}

}  // namespace cornu::inline v0
