#pragma once

#include "cornu/kernels/table.h"

// The kernels that are plain loops on every target, for float and double.

namespace cornu::inline v0::kernels {

template <class T>
void decode(const DecodeArgsOf<T>& a);
template <class T>
bool encode(const EncodeArgsOf<T>& a);
template <class T>
void one_hot(const OneHotArgsOf<T>& a);
template <class T>
void dropout(const DropoutArgsOf<T>& a);
template <class T>
double penalty(const T* w, int64_t size, double l1, double l2);
template <class T>
double squared_norm(const T* x, int64_t size);

}  // namespace cornu::inline v0::kernels
