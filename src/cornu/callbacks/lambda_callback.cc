#include "cornu/callbacks/lambda_callback.h"

#include <utility>

namespace cornu::inline v0 {
namespace {

template <class F, class... Arguments>
void call(const F& f, Arguments&&... arguments) {
  if (f) f(std::forward<Arguments>(arguments)...);
}

}  // namespace

LambdaCallback::LambdaCallback(LambdaCallbackOptions options) : options_(std::move(options)) {}

bool LambdaCallback::may_log(std::string_view) const {
  return options_.on_epoch_end != nullptr;
}

bool LambdaCallback::watches_batches() const {
  return options_.on_train_batch_begin || options_.on_train_batch_end;
}

void LambdaCallback::on_epoch_begin(int64_t epoch) {
  call(options_.on_epoch_begin, epoch);
}
void LambdaCallback::on_epoch_end(EpochRecord& record, const History& history) {
  call(options_.on_epoch_end, record, history);
}
void LambdaCallback::on_train_begin() {
  call(options_.on_train_begin);
}
void LambdaCallback::on_train_end(const History& history) {
  call(options_.on_train_end, history);
}
void LambdaCallback::on_train_batch_begin(int64_t step) {
  call(options_.on_train_batch_begin, step);
}
void LambdaCallback::on_train_batch_end(int64_t step, const Logs& logs) {
  call(options_.on_train_batch_end, step, logs);
}

}  // namespace cornu::inline v0
