#include "cornu/cli/field_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cornu::inline v0::cli {
namespace field_words_test {

using testing::HasSubstr;

TEST(FieldWords, NameCornusWord) {
  EXPECT_THAT(option_hint("train", "--eta"), HasSubstr("--learning-rate"));
  EXPECT_THAT(option_hint("train", "--early-stopping"), HasSubstr("early_stopping(patience=3)"));
  EXPECT_THAT(option_hint("train", "--patience"), HasSubstr("early_stopping(patience=3)"));
  EXPECT_THAT(option_hint("train", "--Save_Model"), HasSubstr("--out DIR"));
  EXPECT_THAT(option_hint("train", "--pretrained"), HasSubstr("--model FILE"));
  EXPECT_THAT(verb_hint("fit"), HasSubstr("cornu train"));
  EXPECT_THAT(verb_hint("curves"), HasSubstr("cornu plot"));
}

TEST(FieldWords, OrNameAnAlternative) {
  for (const char* word : {"--gpu", "--device", "--cuda"}) {
    EXPECT_THAT(option_hint("train", word), HasSubstr("--threads")) << word;
  }
  EXPECT_THAT(option_hint("train", "--wandb"), HasSubstr("history.csv"));
  EXPECT_THAT(option_hint("train", "--logdir"), HasSubstr("--tensorboard DIR"));
  EXPECT_THAT(option_hint("evaluate", "--tensorboard"), HasSubstr("cornu train"));
  EXPECT_THAT(verb_hint("tensorboard"), HasSubstr("tensorboard --logdir DIR"));
  EXPECT_THAT(option_hint("train", "--continue"), HasSubstr("--resume RUN"));
  EXPECT_THAT(option_hint("evaluate", "--confusion-matrix"), HasSubstr("confusion_matrix("));
  EXPECT_THAT(option_hint("predict", "--image"), HasSubstr("cornu help own-data"));
  EXPECT_THAT(verb_hint("export"), HasSubstr("cornu convert"));
  EXPECT_THAT(verb_hint("serve"), HasSubstr("predictor()"));
  EXPECT_THAT(dataset_hint("CIFAR-100"), HasSubstr("cornu help own-data"));
}

TEST(FieldWords, AWordOfOneVerbIsUnknownToOthers) {
  EXPECT_THAT(option_hint("train", "--csv"), HasSubstr("csv_logger"));
  EXPECT_THAT(option_hint("predict", "--csv"), HasSubstr("-o predictions.csv"));
  EXPECT_EQ(option_hint("doctor", "--csv"), "");
  EXPECT_EQ(option_hint("summary", "--save"), "");
}

TEST(FieldWords, UnknownWordsHaveNoHint) {
  EXPECT_EQ(option_hint("train", "--epochz"), "");
  EXPECT_EQ(verb_hint("trian"), "");
  EXPECT_EQ(dataset_hint("digitz"), "");
  EXPECT_EQ(option_hint("train", "--"), "");
}

}  // namespace field_words_test
}  // namespace cornu::inline v0::cli
