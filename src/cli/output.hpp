// SPDX-License-Identifier: Apache-2.0
// Standard output as the program writes it: it knows why a write failed.
#pragma once

#include <array>
#include <streambuf>

namespace provgate::cli {

/// Whether standard input was closed, or is open for writing only.
bool standard_input_closed();
/// Opens /dev/null on each of the descriptors 0, 1 and 2 that is closed. What is opened later would else take its
/// number, and reports would be written into it. Called before anything else is opened; ends the program with 6 where
/// it cannot.
void hold_standard_descriptors();

/// A buffer over one descriptor, which stays open. After a failed write nothing more is written.
class Output final : public std::streambuf {
 public:
  explicit Output(int descriptor) : descriptor_(descriptor) { setp(buffer_.data(), buffer_.data() + buffer_.size()); }
  ~Output() override { Output::sync(); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  bool reader_gone() const;  ///< a write failed because nobody reads any more
  bool closed() const;       ///< a write failed because the descriptor was closed when the program began

 protected:
  int overflow(int c) override;
  int sync() override;

 private:
  const int descriptor_;
  int failed_ = 0;  ///< errno of the write that failed
  std::array<char, 1 << 16> buffer_;
};

}  // namespace provgate::cli
