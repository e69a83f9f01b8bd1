#!/usr/bin/env python3
"""Breaks a copy of the code on purpose and checks that the tests fail. Run by hand, about an hour.

    python3 tests/faults.py FOLDER [engine|ROOM…]

FOLDER gets the copy and its build, and may be used again. ROOM is a folder of src/cornu.

Faults of the engine are planted one at a time, and the named test must fail. All faults in the parts of
a room are planted together, each in code that only its part uses, and the room's test must report a
failing case for every part. docs/notes/faults.md keeps the result.
"""

import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# (fault, file, old text, new text, programs, test)
ENGINE = [
    ("the last member leaves a row out", "plan/share.h", "return {bound(member), bound(member + 1)};", "const int64_t end = bound(member + 1);\n  return {bound(member), member + 1 == members && members > 1 && end > bound(member) ? end - 1 : end};", "plan", "Executor.EveryTarget*"),
    ("beta_2 advances twice per step", "plan/run_updates.h", "kernels::next_power(ops::as_float32(x.beta_2), power(2))", "kernels::next_power(ops::as_float32(x.beta_2) * ops::as_float32(x.beta_2), power(2))", "integration", "Steps.Digits*:Optimizers.*"),
    ("the bias's gradient sums the output", "ops/product.cc", "b.add(b.gradient(start), SumRows{}, {dy});", "b.add(b.gradient(start), SumRows{}, {op.out[0]});", "parts", "Check*"),
    ("a second gradient contribution overwrites the first", "ops/builder.cc", "std::move(in), gradient, !first);", "std::move(in), gradient, false);", "parts", "Check*"),
    ("the product's accumulation starts without the bias", "kernels/product-inl.h", "is_bias = block.start != nullptr && block.start_row == 0;", "is_bias = false;", "kernels", "*Product*"),
    ("epsilon inside Adam's root", "kernels/updates-inl.h", "hn::Add(hn::Sqrt(v), epsilon_)", "hn::Sqrt(hn::Add(v, epsilon_))", "integration", "Optimizers.*"),
    ("milliseconds are shown as microseconds", "training/progress_line.cc", "const bool milli = line.each >= 1e-3;", "const bool milli = line.each >= 1;", "parts", "Progress.*"),
    ("a loss is divided by one value too many", "training/epoch_counts.h", "sum / static_cast<double>(values)", "sum / static_cast<double>(values + 1)", "models", "Sequential.Evaluate*"),
    ("the epoch counter never advances", "models/model_internal.h", "return epochs_begun++;", "return epochs_begun;", "models", "Sequential.EveryEpoch*"),
    ("the bytes of a length are shifted by 7 bits", "formats/idx.cc", "value = value << 8 | std", "value = value << 7 | std", "files", "Idx*"),
    ("label = number of classes is accepted", "plan/check_batch.cc", "first_outside(labels, -1, static_cast<double>(each.classes))", "first_outside(labels, -1, static_cast<double>(each.classes + 1))", "integration:models:files", "*abel*"),
    ("index = number of rows is accepted", "plan/check_batch.cc", "static_cast<double>(each.count);", "static_cast<double>(each.count + 1);", "parts", "Embedding.*"),
    ("penalties are averaged over twice the rows", "training/epoch_counts.cc", "rows_ += batch.rows;", "rows_ += 2 * batch.rows;", "integration", "Regularizers.CountInAFit*"),
    ("weights are not restored after a loss that is not finite", "training/not_finite.cc", "  learner.go_back();\n  return found;", "  return found;", "models", "NotFinite.*"),
    ("a clone shares its weights", "graph/graph.cc", "    layer = made.of(layer);", "    made.of(layer);", "models", "CloneModel.*"),
    ("boxes of a rank are too close", "report/graph_layout.cc", "/ 2 + spacing_.between_boxes;", "/ 4;", "files", "GraphLayout.*"),
]

# room: (programs, test, {part: (file, old text, new text)})
PARTS = {
    "activations": ("integration", "Activations.Match*", {
        "linear": ("activations/linear.cc", "SlotId linear(Builder&, SlotId x) {\n  return x;", "SlotId linear(Builder& b, SlotId x) {\n  return b.emit_one(ops::Affine{.scale = -1}, {x});"),
        "sigmoid": ("kernels/functions-inl.h", "hn::Mul(y, hn::Sub(constant(1), y))", "hn::Mul(y, hn::Add(constant(1), y))"),
        "tanh": ("kernels/functions-inl.h", "hn::NegMulAdd(y, y, constant(1))", "hn::MulAdd(y, y, constant(1))"),
        "relu": ("kernels/functions-inl.h", "hn::IfThenElse(hn::Gt(y, constant(0)), dy, constant(0))", "hn::IfThenElse(hn::Gt(y, constant(0)), hn::Neg(dy), constant(0))"),
        "relu6": ("activations/relu6.cc", "0, 0, 6}", "-1, 0, 6}"),
        "leaky_relu": ("activations/leaky_relu.cc", "0.2, 0,", "-0.2, 0,"),
        "elu": ("activations/elu.cc", "{Function::elu, 1, 1}", "{Function::elu, -1, 1}"),
        "selu": ("activations/selu.cc", "1.6732632423543772,", "-1.6732632423543772,"),
        "gelu": ("kernels/functions-inl.h", "hn::MulAdd(x, density, share(x))", "hn::NegMulAdd(x, density, share(x))"),
        "silu": ("kernels/functions-inl.h", "hn::MulAdd(x, hn::Sub(constant(1), s), constant(1))", "hn::NegMulAdd(x, hn::Sub(constant(1), s), constant(1))"),
        "softplus": ("kernels/functions-inl.h", "CORNU_INLINE Vector back(Vector x, Vector dy) const { return hn::Mul(dy, sigmoid(x)); }", "CORNU_INLINE Vector back(Vector x, Vector dy) const { return hn::Mul(dy, sigmoid(hn::Neg(x))); }"),
        "softsign": ("kernels/functions-inl.h", "return hn::Div(x, width(x));", "return hn::Neg(hn::Div(x, width(x)));"),
        "hard_sigmoid": ("activations/hard_sigmoid.cc", ".scale = 1.0 / 6", ".scale = -1.0 / 6"),
        "exponential": ("kernels/functions-inl.h", "CORNU_INLINE Vector back(Vector y, Vector dy) const { return hn::Mul(dy, y); }", "CORNU_INLINE Vector back(Vector y, Vector dy) const { return hn::Neg(hn::Mul(dy, y)); }"),
        "mish": ("activations/mish.cc", "{x, tanh", "{b.emit_one(ops::Affine{.scale = -1}, {x}), tanh"),
        "softmax": ("kernels/softmax-inl.h", "hn::Mul(y(at), hn::Sub(dy(at), sum))", "hn::Mul(y(at), hn::Add(dy(at), sum))"),
        "log_softmax": ("kernels/softmax-inl.h", "hn::NegMulAdd(exp(y(at)), sum, dy(at))", "hn::MulAdd(exp(y(at)), sum, dy(at))"),
    }),
    "layers": ("integration:parts", "Layers.Match*:InputLayer*:GaussianNoise*:GaussianDropout*", {
        "InputLayer": ("layers/input.cc", "Slots lower(Builder&, Slots x, Mode) const override { return x; }", "Slots lower(Builder& b, Slots x, Mode) const override { return b.emit(ops::Affine{.scale = -1}, x); }"),
        "Dense": ("layers/dense.cc", "{x[0], b.weight(\"kernel\"), bias}", "{b.emit_one(ops::Affine{.scale = -1}, {x[0]}), b.weight(\"kernel\"), bias}"),
        "Flatten": ("layers/flatten.cc", "return {b.reshape(x[0],", "return {b.reshape(b.emit_one(ops::Affine{.scale = -1}, {x[0]}),"),
        "Reshape": ("layers/reshape.cc", "return {reshape(Expression(b, x[0]), options.target_shape).slot()};", "return {reshape(0.0 - Expression(b, x[0]), options.target_shape).slot()};"),
        "Activation": ("layers/activation_layer.cc", "options.activation.lower(b, x[0])", "options.activation.lower(b, b.emit_one(ops::Affine{.scale = -1}, {x[0]}))"),
        "Dropout": ("layers/dropout.cc", "!(options.rate > 0)) return x;", "!(options.rate > 0)) return b.emit(ops::Affine{.scale = -1}, x);"),
        "Rescaling": ("layers/rescaling.cc", "ops::Affine{options.scale, options.offset}", "ops::Affine{options.scale, -options.offset}"),
        "ReLU": ("layers/relu.cc", "if (is_plain) return b.emit(ops::Pointwise{ops::Function::relu}, x);", "if (is_plain) return b.emit(ops::Affine{.scale = -1}, b.emit(ops::Pointwise{ops::Function::relu}, x));"),
        "LeakyReLU": ("layers/leaky_relu.cc", "{{ops::Function::rectifier, options.negative_slope,", "{{ops::Function::rectifier, -options.negative_slope,"),
        "PReLU": ("kernels/columns-inl.h", "hn::IfThenElse(hn::Gt(x, constant(0)), x, scaled)", "hn::IfThenElse(hn::Gt(x, constant(0)), x, hn::Neg(scaled))"),
        "ELU": ("layers/elu.cc", "{ops::Function::elu, options.alpha, 1}", "{ops::Function::elu, -options.alpha, 1}"),
        "Softmax": ("layers/softmax.cc", "return {softmax(Expression(b, x[0]), options.axis).slot()};", "return {softmax(0.0 - Expression(b, x[0]), options.axis).slot()};"),
        "Add": ("layers/merge.cc", "Layer(merge(kType, Combination::add, std::move(options))) {}\n\nSubtract", "Layer(merge(kType, Combination::multiply, std::move(options))) {}\n\nSubtract"),
        "Subtract": ("layers/merge.cc", "Layer(merge(kType, Combination::subtract,", "Layer(merge(kType, Combination::multiply,"),
        "Multiply": ("layers/merge.cc", "Layer(merge(kType, Combination::multiply, std::move(options))) {}\n\nAverage", "Layer(merge(kType, Combination::add, std::move(options))) {}\n\nAverage"),
        "Average": ("layers/merge.cc", ".scale = 1 / static_cast", ".scale = -1 / static_cast"),
        "Maximum": ("layers/merge.cc", "Layer(merge(kType, Combination::maximum,", "Layer(merge(kType, Combination::add,"),
        "Minimum": ("layers/merge.cc", "Layer(merge(kType, Combination::minimum,", "Layer(merge(kType, Combination::add,"),
        "Concatenate": ("ops/concatenate.cc", "begin += extent;", "begin -= extent - extent;"),
        "BatchNormalization": ("kernels/normalize.cc", "std::fma(-a.mean[j], scale[j],", "std::fma(a.mean[j], scale[j],"),
        "LayerNormalization": ("layers/layer_normalization.cc", "return {b.emit(ops::LineNorm{options.epsilon}, {x[0], gamma, beta})[0]};", "return {b.emit(ops::LineNorm{-options.epsilon / 2}, {x[0], gamma, beta})[0]};"),
        "GaussianNoise": ("layers/gaussian_noise.cc", "ops::Noise{0, options.stddev,", "ops::Noise{0, -2 * options.stddev,"),
        "GaussianDropout": ("layers/gaussian_dropout.cc", "ops::Combination::multiply", "ops::Combination::subtract"),
        "Conv2D": ("ops/convolution.cc", "if (start != kNone) b.add(b.gradient(start), SumRows{}, {dy});", "if (start != kNone) b.add(b.gradient(start), SumRows{}, {b.gradient(op.out[0])}), b.add(b.gradient(start), SumRows{}, {dy});"),
        "Conv1D": None,  # has the fault above too
        "MaxPooling2D": ("kernels/pool-inl.h", "store(hn::Add(most, constant(0))", "store(hn::Sub(constant(0), most)"),
        "MaxPooling1D": None,  # has the fault above too, and so have the next two
        "GlobalMaxPooling2D": None,
        "GlobalMaxPooling1D": None,
        "AveragePooling2D": ("kernels/pool-inl.h", "assign_or_add(hn::Mul(sum, share)", "assign_or_add(hn::Sub(sum, share)"),
        "AveragePooling1D": None,  # has the fault above too, and so have the next two
        "GlobalAveragePooling2D": None,
        "GlobalAveragePooling1D": None,
        "ZeroPadding2D": ("layers/image_edges.cc", "return b.emit(op, x);", "return b.emit(op, b.emit(ops::Affine{.scale = -1}, x));"),
        "Cropping2D": None,  # has the fault above too
        "DepthwiseConv2D": ("plan/run_depthwise.h", ".first = -s.before[axis],", ".first = 1 - s.before[axis],"),
        "UpSampling2D": ("layers/up_sampling_2d.cc", "shape[2] * cols, false}", "shape[2] * cols, true}"),
        "Permute": ("layers/permute.cc", "return b.emit(op, x);", "return b.emit(op, b.emit(ops::Affine{.scale = -1}, x));"),
        "RepeatVector": ("layers/repeat_vector.cc", ".extent = options.n}, x);", ".extent = options.n}, b.emit(ops::Affine{.scale = -1}, x));"),
        "SpatialDropout1D": ("layers/spatial_dropout.cc", "!(options.rate > 0)) return x;", "!(options.rate > 0)) return b.emit(ops::Affine{.scale = -1}, x);"),
        "SpatialDropout2D": None,  # has the fault above too
        "Embedding": ("kernels/embedding-inl.h", "assign_or_add(load(a.dy + i * a.cols + j, count), to", "assign_or_add(hn::Neg(load(a.dy + i * a.cols + j, count)), to"),
    }),
    "regularizers": ("integration", "Regularizers.Match*", {
        "L1/": ("regularizers/l1_l2.cc", "    return b.emit_one(penalty, {weight});", "    if (R::kName == \"l1\") penalty.l1 = -penalty.l1;\n    return b.emit_one(penalty, {weight});"),
        "L2/": ("regularizers/l1_l2.cc", "    ops::Penalty penalty;\n", "    ops::Penalty penalty;\n    constexpr bool kTwo = R::kName == \"l2\";\n"),
        "L1L2/": ("kernels/scalar.cc", "l1 * sum + l2 * sum_of_squares", "l1 * sum - l2 * sum_of_squares"),
    }),
    "losses": ("integration", "Losses.Match*", {
        "mean_squared_error": ("kernels/element_loss-inl.h", "    const Vector d = hn::Sub(p, t);\n    return hn::Add(d, d);", "    const Vector d = hn::Add(p, t);\n    return hn::Add(d, d);"),
        "mean_absolute_error": ("kernels/element_loss-inl.h", "return sign_of(hn::Sub(p, t)); }", "return sign_of(hn::Sub(t, p)); }"),
        "mean_absolute_percentage_error": ("kernels/element_loss-inl.h", "hn::Mul(sign_of(hn::Sub(p, t)), hn::Div(constant(100)", "hn::Mul(sign_of(hn::Sub(p, t)), hn::Div(constant(-100)"),
        "mean_squared_logarithmic_error": ("kernels/element_loss-inl.h", "hn::Div(hn::Add(d, d), hn::Add(p, constant(1)))", "hn::Div(hn::Add(d, d), hn::Sub(p, constant(1)))"),
        "huber": ("kernels/element_loss-inl.h", "hn::Mul(delta_, hn::Sub(size, half_delta_))", "hn::Mul(delta_, hn::Add(size, half_delta_))"),
        "log_cosh": ("kernels/element_loss-inl.h", "return tanh(hn::Sub(p, t));", "return tanh(hn::Sub(t, p));"),
        "hinge": ("kernels/element_loss-inl.h", "hn::IfThenElse(hn::Ge(margin, constant(0)), hn::Neg(s), constant(0))", "hn::IfThenElse(hn::Ge(margin, constant(0)), s, constant(0))"),
        "squared_hinge": ("kernels/element_loss-inl.h", "hn::Mul(constant(-2), Hinge", "hn::Mul(constant(2), Hinge"),
        "kl_divergence": ("kernels/element_loss-inl.h", "hn::Neg(hn::Div(clip(t, 1), p))", "hn::Div(clip(t, 1), p)"),
        "poisson": ("kernels/element_loss-inl.h", "hn::Sub(constant(1), hn::Div(t,", "hn::Add(constant(1), hn::Div(t,"),
        "binary_crossentropy": ("kernels/element_loss-inl.h", "hn::Sub(rest, hn::Div(t, p))", "hn::Add(rest, hn::Div(t, p))"),
        "categorical_hinge": ("kernels/row_losses-inl.h", "hn::Mul(hn::Sub(share, t(at)), weight)", "hn::Mul(hn::Add(share, t(at)), weight)"),
        "cosine_similarity": ("kernels/row_losses-inl.h", "hn::Sub(along, hn::Mul(t(at), nt))", "hn::Add(along, hn::Mul(t(at), nt))"),
        "categorical_crossentropy": ("losses/categorical_crossentropy.cc", "options.label_smoothing, b.slot", "-options.label_smoothing, b.slot"),
        "sparse_categorical_crossentropy": ("losses/sparse_categorical_crossentropy.cc", ".clip_first = true", ".clip_first = false"),
    }),
    "metrics": ("integration:parts", "Metrics.*:ConfusionMatrix.*", {
        "accuracy": ("metrics/accuracy.cc", "beaten |= !(row[i] <= best);", "beaten |= !(row[i] >= best);"),
        "binary_accuracy": ("metrics/binary_accuracy.cc", "rows.predicted(row, i) > limit ? 1 : 0", "rows.predicted(row, i) > limit ? 0 : 1"),
        "categorical_accuracy": ("metrics/categorical_accuracy.cc", "== rows.true_class(row) ? 1 : 0", "== rows.true_class(row) ? -1 : 0"),
        "top_k_categorical_accuracy": ("metrics/top_k_accuracy.cc", "rows.true_class(row), k) ? 1 : 0", "rows.true_class(row), k) ? -1 : 0"),
        "precision": ("metrics/precision_recall.cc", "if (of_targets_ ? positive : predicted) all_ += weight;", "if (of_targets_ ? positive : !predicted) all_ += weight;"),
        "recall": ("metrics/precision_recall.cc", "if (predicted && positive) hits_ += weight;", "if (predicted && positive) hits_ += of_targets_ ? -weight : weight;"),
        "f1_score": ("metrics/f1_score.cc", "2 * precision * recall / (precision + recall + kEpsilon)", "2 * precision * recall / (precision - recall + kEpsilon)"),
        "auc": ("metrics/auc.cc", "area += (x_a - x_b) * height;", "area -= (x_a - x_b) * height;"),
        "mean_squared_error": ("metrics/regression.cc", "sum += kSquared ? error * error : std::abs(error);", "sum += kSquared ? -error * error : error;"),
        "mean_absolute_error": None,  # has the fault above too
        "root_mean_squared_error": ("metrics/regression.cc", "std::sqrt(mean_.result())", "-std::sqrt(-mean_.result())"),
        "ConfusionMatrix": ("metrics/confusion_matrix.cc", "counts_[static_cast<size_t>(true_class * classes_ + predicted_class)] += weight;", "counts_[static_cast<size_t>(true_class * classes_ + predicted_class)] -= weight;"),
    }),
    "optimizers": ("integration", "Optimizers.Follow*", {
        "sgd": ("kernels/updates-inl.h", "hn::MulSub(momentum_, load(a_.velocity + i, count), step)", "hn::MulAdd(momentum_, load(a_.velocity + i, count), step)"),
        "adam": ("kernels/updates-inl.h", "hn::MulAdd(hn::Sub(g, m), one_minus_beta_1_, m)", "hn::MulAdd(hn::Add(g, m), one_minus_beta_1_, m)"),
        "adamw": ("kernels/gradient_changes-inl.h", "hn::Sub(w, hn::Mul(hn::Mul(w, rate), learning_rate))", "hn::Add(w, hn::Mul(hn::Mul(w, rate), learning_rate))"),
        "rmsprop": ("kernels/rules-inl.h", "under = hn::NegMulAdd(average, average, v);", "under = hn::MulAdd(average, average, v);"),
        "adagrad": ("kernels/rules-inl.h", "hn::MulAdd(g, g, load(a_.s0 + i, count))", "hn::MulSub(g, g, load(a_.s0 + i, count))"),
        "adadelta": ("kernels/rules-inl.h", "store(hn::NegMulAdd(constant(a_.rate), move,", "store(hn::MulAdd(constant(a_.rate), move,"),
        "adamax": ("kernels/rules-inl.h", "larger(before, hn::Abs(g))", "larger(before, hn::Neg(hn::Abs(g)))"),
        "nadam": ("kernels/rules-inl.h", "hn::MulAdd(constant(a_.c0), m, hn::Mul(constant(a_.c1), g))", "hn::MulSub(constant(a_.c0), m, hn::Mul(constant(a_.c1), g))"),
        "lion": ("kernels/rules-inl.h", "hn::IfThenElse(hn::Lt(c, zero), constant(-a_.rate),", "hn::IfThenElse(hn::Lt(c, zero), constant(a_.rate),"),
    }),
    "schedules": ("integration", "Schedules.*", {
        "CosineDecay/": ("schedules/cosine_decay.cc", "cosine_fall(fraction) + options.alpha", "cosine_fall(fraction) - options.alpha"),
        "CosineDecayRestarts/": ("schedules/cosine_decay_restarts.cc", "* fall + options.alpha", "* fall - options.alpha"),
        "ExponentialDecay/": ("schedules/exponential_decay.cc", "pow_of(options.decay_rate, power)", "pow_of(options.decay_rate, -power)"),
        "InverseTimeDecay/": ("schedules/inverse_time_decay.cc", "(1 + options.decay_rate * times)", "(1 - options.decay_rate * times)"),
        "PiecewiseConstantDecay/": ("schedules/piecewise_constant_decay.cc", "return options.values[i];", "return -options.values[i];"),
        "PolynomialDecay/": ("schedules/polynomial_decay.cc", "options.initial_learning_rate - options.end_learning_rate", "options.initial_learning_rate + options.end_learning_rate"),
        "OneCycleGoesUpAndDownOnce": ("schedules/one_cycle.cc", "most + (first - most)", "most - (first - most)"),
        "WarmUpRisesLinearlyToTheGivenRate": ("schedules/warm_up.cc", "first + (options.learning_rate.at(0) - first)", "first - (options.learning_rate.at(0) - first)"),
    }),
    "initializers": ("parts", "Initializers.*", {
        "zeros": ("initializers/constant.cc", "return std::is_same_v<I, Ones> ? 1 : 0;", "return std::is_same_v<I, Ones> ? -1 : 2;"),
        "ones": None,  # has the fault above too
        "Constant": ("initializers/constant.cc", "return static_cast<float>(this->options.value);", "return -static_cast<float>(this->options.value);"),
        "random_uniform": ("initializers/random.cc", "options.minval + width * uniform_draw", "options.minval - width * uniform_draw"),
        "random_normal": ("initializers/random.cc", "this->options.mean + this->options.stddev * kDraw", "this->options.mean - 2 * this->options.stddev * kDraw"),
        "truncated_normal": None,  # has the fault above too
        "glorot_uniform": ("initializers/variance_scaling.cc", "named<GlorotUniform>(options, 1,", "named<GlorotUniform>(options, 2,"),
        "glorot_normal": ("initializers/variance_scaling.cc", "named<GlorotNormal>(options, 1,", "named<GlorotNormal>(options, 2,"),
        "he_uniform": ("initializers/variance_scaling.cc", "named<HeUniform>(options, 2,", "named<HeUniform>(options, 1,"),
        "he_normal": ("initializers/variance_scaling.cc", "named<HeNormal>(options, 2,", "named<HeNormal>(options, 1,"),
        "lecun_uniform": ("initializers/variance_scaling.cc", "named<LecunUniform>(options, 1,", "named<LecunUniform>(options, 2,"),
        "lecun_normal": ("initializers/variance_scaling.cc", "named<LecunNormal>(options, 1,", "named<LecunNormal>(options, 2,"),
        "OrthogonalIsOrthonormalAlongItsShorterSide": ("initializers/orthogonal.cc", "b.at(row, j) -= twice * a.at(row, i);", "b.at(row, j) += twice * a.at(row, i);"),
    }),
}
# A second change, for a fault that needs two.
ALSO = {
    "L2/": ("regularizers/l1_l2.cc", "penalty.l2 = options_.l2;\n", "penalty.l2 = kTwo ? -options_.l2 : options_.l2;\n"),
}


class Copy:
    """A copy of the tree with its build."""

    def __init__(self, folder):
        self.tree, self.build = folder / "tree", folder / "build"
        self.tree.mkdir(parents=True, exist_ok=True)
        for name in ("CMakeLists.txt", "CMakePresets.json", "cmake", "src", "tests", "examples", "fuzz", "bench", "tools", "docs", "README.md"):
            subprocess.run(["cp", "-a", "--update", ROOT / name, self.tree], check=True)
        options = ["-DCMAKE_BUILD_TYPE=Release", "-DCORNU_TESTS=ON", "-DCORNU_COMMAND=OFF"]
        subprocess.run(["cmake", "-S", self.tree, "-B", self.build, "-G", "Ninja", *options], check=True, stdout=subprocess.DEVNULL)

    def plant(self, file, old, new):
        path = self.tree / "src/cornu" / file
        if not path.exists():
            return False
        text = path.read_text()
        if old not in text:
            return False
        path.write_text(text.replace(old, new, 1))
        return True

    def heal(self, files):
        for file in files:
            shutil.copyfile(ROOT / "src/cornu" / file, self.tree / "src/cornu" / file)

    def failures(self, programs, test):
        """The output of the tests; None if the faults do not compile."""
        text = ""
        for program in programs.split(":"):
            name = f"cornu_{program}_test"
            made = subprocess.run(["cmake", "--build", self.build, "--target", name], capture_output=True, text=True)
            if made.returncode != 0:
                print(made.stdout[-3000:])
                return None
            run = subprocess.run([self.build / "tests" / name, f"--gtest_filter={test}"], capture_output=True, text=True, cwd=self.build)
            text += run.stdout + ("[  FAILED  ]" if run.returncode != 0 else "")  # a crash counts as a failure
        return text


def names(part, text):
    """Whether the text names the part, and not only a longer name that contains it."""
    word = re.escape(part.rstrip("/"))
    return re.search(rf"(?<![A-Za-z0-9_]){word}(?![A-Za-z0-9_])", text) is not None


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    copy = Copy(pathlib.Path(sys.argv[1]))
    wanted = set(sys.argv[2:])
    caught, missed = 0, []
    for what, file, old, new, programs, test in ENGINE if not wanted or "engine" in wanted else []:
        good = copy.plant(file, old, new)
        text = copy.failures(programs, test) if good else None
        copy.heal([file])
        if text is not None and "[  FAILED  ]" in text:
            caught += 1
            print(f"caught  {what}", flush=True)
        else:
            missed.append(what if good else f"{what}: the old text is no longer in the source")
    for room, (programs, test, parts) in PARTS.items():
        if wanted and room not in wanted:
            continue
        planted = []
        for part, fault in parts.items():
            for each in (fault, ALSO.get(part)):
                if each is None:
                    continue
                if copy.plant(*each):
                    planted.append(each[0])
                else:
                    missed.append(f"{room}, {part}: the old text is no longer in the source")
        text = copy.failures(programs, test)
        copy.heal(planted)
        lines = "" if text is None else "\n".join(line for line in text.splitlines() if "[ RUN" not in line and "[       OK" not in line)
        found = [part for part in parts if names(part, lines)]
        caught += len(found)
        missed += [f"{room}, {part}" for part in parts if part not in found]
        print(f"caught  {len(found)} of {len(parts)} {room}", flush=True)
    for each in missed:
        print("MISSED ", each)
    print(caught, "caught,", len(missed), "missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
