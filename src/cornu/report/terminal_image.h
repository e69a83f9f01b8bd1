#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "cornu/core/export.h"
#include "cornu/core/tensor.h"

namespace cornu::inline v0 {

struct TerminalOptions {
  /// Blocks and their halves and quarters, for terminals that read UTF-8; else characters of ASCII.
  bool unicode = true;
  /// The 256 colours: greys on black, or the colours of an image that has them.
  bool color = false;
  /// Images side by side; fewer where they would have less than 4 characters each.
  int64_t columns = 5;
  /// Characters in a line of the terminal.
  int64_t width = 80;
};

/// An image (h, w), (h, w, 1) or (h, w, 3), uint8 or floats from 0 to 1, as lines of text that
/// each end in a newline; scaled down to fit by averaging over areas. Error for other tensors.
CORNU_API std::string terminal_image(TensorView image, const TerminalOptions& options = {});

/// Images (n, h, w), (n, h, w, 1) or (n, h, w, 3) in rows of `columns`, each with its caption under
/// it; no captions, or one per image. Error when there is another number of them.
CORNU_API std::string terminal_images(TensorView images, std::span<const std::string> captions = {},
                                      const TerminalOptions& options = {});

}  // namespace cornu::inline v0
