#pragma once

#include <atomic>
#include <string>

#include "cornu/core/error.h"

namespace cornu::inline v0 {

/// The fits, evaluations and predictions that use a model at present. Its network and executors
/// must stay until they end, so a change by a callback or another thread is an error.
class ModelUse {
 public:
  /// One evaluation or prediction, from here to its end.
  class Reading {
   public:
    explicit Reading(ModelUse& use) : use_(use) { ++use_.readings_; }
    ~Reading() { --use_.readings_; }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

   private:
    ModelUse& use_;
  };

  /// A fit, from here to its end. Error when the model is being fitted already.
  class Fit {
   public:
    Fit(ModelUse& use, const std::string& where) : use_(use) {
      if (!use_.fits_.exchange(true)) return;
      throw Error({.where = where,
                   .what = "fit was called while the model is being fitted",
                   .hint =
                       "a callback may evaluate and predict; train on when fit has returned, or "
                       "train another model"});
    }
    ~Fit() { use_.fits_ = false; }
    Fit(const Fit&) = delete;
    Fit& operator=(const Fit&) = delete;

   private:
    ModelUse& use_;
  };

  /// Error if the model is in use: `change` ("compile") was called meanwhile.
  void require_none(const std::string& where, const char* change) const {
    const bool fits = fits_;
    if (!fits && readings_ == 0) return;
    throw Error(
        {.where = where,
         .what = std::string(change) + " was called while the model is being " +
                 (fits ? "fitted" : "evaluated or predicted with"),
         .hint = fits ? "in a callback call training().stop(); change the model when fit has "
                        "returned, and call fit again with initial_epoch"
                      : "change the model when evaluate or predict has returned"});
  }

 private:
  std::atomic<bool> fits_ = false;
  std::atomic<int> readings_ = 0;
};

}  // namespace cornu::inline v0
