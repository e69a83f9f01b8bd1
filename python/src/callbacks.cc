#include "callbacks.h"

#include <nanobind/stl/set.h>
#include <nanobind/stl/string.h>

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "callback_state.h"
#include "cornu/callbacks/early_stopping.h"
#include "cornu/callbacks/model_checkpoint.h"
#include "cornu/core/error.h"
#include "cornu/core/fields.h"
#include "cornu/listing/callback_table.h"
#include "held.h"
#include "interrupt.h"
#include "values.h"

namespace cornu::python {
namespace {

/// Calls the hooks of a Python object, those it has. An exception in one ends the fit and leaves it
/// with its own traceback.
class PythonCallback final : public Callback {
 public:
  PythonCallback(nb::object callback, std::set<std::string> hooks)
      : callback_(hold(std::move(callback))), hooks_(std::move(hooks)) {}

  bool watches_batches() const override {
    for (const std::string& hook : hooks_) {
      if (hook.find("_batch_") != std::string::npos) return true;
    }
    return false;
  }
  bool may_log(std::string_view) const override { return has("on_epoch_end"); }

  void on_train_begin() override { call("on_train_begin"); }
  void on_train_end(const History& history) override {
    call("on_train_end", history.epochs.empty() ? Logs() : history.last());
  }
  void on_epoch_begin(int64_t epoch) override { call_at("on_epoch_begin", epoch, {}); }
  void on_epoch_end(EpochRecord& record, const History&) override {
    if (!has("on_epoch_end")) return;
    const nb::gil_scoped_acquire gil;
    const nb::dict logs = dict_from(record.logs);
    callback_->attr("on_epoch_end")(record.epoch, logs);
    // What the hook added to the logs is in the history, too.
    for (const auto [name, value] : logs) {
      double number = 0;
      if (nb::try_cast(value, number)) record.logs.set(nb::cast<std::string>(name), number);
    }
    stop_if_asked();
  }
  void on_train_batch_begin(int64_t step) override { call_at("on_train_batch_begin", step, {}); }
  void on_train_batch_end(int64_t step, const Logs& logs) override {
    call_at("on_train_batch_end", step, logs);
  }
  void on_test_begin() override { call("on_test_begin"); }
  void on_test_end(const Logs& logs) override { call("on_test_end", logs); }
  void on_test_batch_begin(int64_t step) override { call_at("on_test_batch_begin", step, {}); }
  void on_test_batch_end(int64_t step, const Logs& logs) override {
    call_at("on_test_batch_end", step, logs);
  }
  void on_predict_begin() override { call("on_predict_begin"); }
  void on_predict_end() override { call("on_predict_end"); }
  void on_predict_batch_begin(int64_t step) override {
    call_at("on_predict_batch_begin", step, {});
  }
  void on_predict_batch_end(int64_t step) override { call_at("on_predict_batch_end", step, {}); }

  std::string state_name() const override {
    if (!has("state") && !has("set_state")) return {};
    const nb::gil_scoped_acquire gil;
    return nb::cast<std::string>(callback_->type().attr("__name__"));
  }
  CallbackState state() const override {
    const std::string name = state_name();
    if (name.empty()) return {};
    if (!has("state") || !has("set_state")) {
      throw Error({.where = name,
                   .expected = "both state() and set_state(state), so that a fit can be resumed",
                   .found = has("state") ? "state() alone" : "set_state(state) alone"});
    }
    const nb::gil_scoped_acquire gil;
    return state_from(name, before_interrupt([&] { return callback_->attr("state")(); }));
  }
  void set_state(const CallbackState& state) override {
    const nb::gil_scoped_acquire gil;
    callback_->attr("set_state")(object_from(state));
  }

 private:
  bool has(const char* hook) const { return hooks_.contains(hook); }

  void call(const char* hook, const Logs& logs = {}) {
    if (!has(hook)) return;
    const nb::gil_scoped_acquire gil;
    callback_->attr(hook)(dict_from(logs));
    stop_if_asked();
  }
  void call_at(const char* hook, int64_t number, const Logs& logs) {
    if (!has(hook)) return;
    const nb::gil_scoped_acquire gil;
    callback_->attr(hook)(number, dict_from(logs));
    stop_if_asked();
  }

  // As in Keras, self.model.stop_training = True ends the fit.
  void stop_if_asked() {
    if (!in_fit()) return;
    const nb::object model = nb::getattr(*callback_, "model", nb::none());
    if (!model.is_none() && nb::cast<bool>(model.attr("stop_training"))) training().stop();
  }

  const Held callback_;
  const std::set<std::string> hooks_;
};

// What can be read of a callback after a fit.
nb::dict state_of(const SharedCallback& callback) {
  nb::dict state;
  if (const auto* const saving = dynamic_cast<const ModelCheckpoint*>(&*callback)) {
    state["best"] = object_from(to_value(saving->best()));
    return state;
  }
  const auto* const stopping = dynamic_cast<const EarlyStopping*>(&*callback);
  if (stopping == nullptr) return state;
  state["stopped_epoch"] = stopping->stopped_epoch().value_or(0);
  if (stopping->best()) {
    state["best"] = *stopping->best();
    state["best_epoch"] = stopping->best_epoch();
  }
  return state;
}

}  // namespace

Callbacks callbacks_from(const nb::list& list) {
  Callbacks callbacks;
  for (const nb::handle each : list) callbacks.push_back(nb::cast<SharedCallback>(each));
  return callbacks;
}

nb::dict dict_from(const Logs& logs) {
  nb::dict dict;
  for (const auto& [name, value] : logs) dict[name.c_str()] = value;
  return dict;
}

void bind_callbacks(nb::module_& m) {
  nb::class_<SharedCallback>(m, "Callback", "A callback as fit takes it.")
      .def_prop_ro("state", state_of);
  m.def("make_callback", [](const std::string& name, const nb::dict& config) {
    return listing::callback_entry(name).make(map_from(config));
  });
  m.def("python_callback", [](nb::object callback, std::set<std::string> hooks) {
    return SharedCallback(std::make_shared<PythonCallback>(std::move(callback), std::move(hooks)));
  });
}

}  // namespace cornu::python
