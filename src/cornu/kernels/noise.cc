#include "cornu/kernels/noise.h"

#include "cornu/kernels/noise_internal.h"

namespace cornu::inline v0::kernels {

template <class T>
void noise(const NoiseArgsOf<T>& a) {
  noise_here(a);
}

template void noise(const NoiseArgsOf<float>&);
template void noise(const NoiseArgsOf<double>&);

}  // namespace cornu::inline v0::kernels
