// SPDX-License-Identifier: Apache-2.0
// The stages are types, and none has another way in.
#include <gtest/gtest.h>

#include "provgate/seal/ledger.hpp"

namespace provgate {
namespace {

template <class T>
concept Anyone = std::is_default_constructible_v<T> || std::is_constructible_v<T, Draft> ||
                 std::is_constructible_v<T, Draft, std::string> || std::is_constructible_v<T, LedgerEntry, Graph> ||
                 std::is_aggregate_v<T>;

static_assert(!Anyone<Checked> && !Anyone<Rejected> && !Anyone<Sealed>,
              "only check, admit and seal make what the next stage takes");
static_assert(!std::is_convertible_v<Draft, Checked> && !std::is_convertible_v<Checked, Sealed>);

// A Result keeps what it is made of, also where its value can be made of another Result.
TEST(Results, CopiesAreCopies) {
  Result<bool> no = false;
  Result<bool> copy(no);
  ASSERT_TRUE(copy.has_value());
  EXPECT_FALSE(*copy);
  Result<bool> failed = fail(Code::input, "x");
  Result<bool> again(failed);
  EXPECT_FALSE(again.has_value());
}

}  // namespace
}  // namespace provgate
