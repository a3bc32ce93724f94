// As long as it lives, the process writes decimal commas, as a program does that calls setlocale() where German is spoken.
// The locale is compiled by localedef (Debian's locales), once for each process, into a folder that goes with it.
#pragma once

#include <gtest/gtest.h>
#include <locale.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "base/program_output.h"

namespace sm2::testing {

class CommaLocale {
 public:
  CommaLocale() {
    static const Compiled compiled;
    ::setenv("LOCPATH", compiled.folder.c_str(), 1);
    EXPECT_TRUE(::setlocale(LC_ALL, "de_DE.UTF-8")) << "dev/setup installs the package locales";
    EXPECT_STREQ(::localeconv()->decimal_point, ",");
  }
  ~CommaLocale() {
    ::setlocale(LC_ALL, "C");
    ::unsetenv("LOCPATH");
  }
  CommaLocale(const CommaLocale&) = delete;
  CommaLocale& operator=(const CommaLocale&) = delete;

 private:
  struct Compiled {
    Compiled() {
      std::string pattern = std::filesystem::temp_directory_path() / "sm2-locale-XXXXXX";
      folder = ::mkdtemp(pattern.data());
      // A warning makes its status 1; whether there is a locale is seen when it is set.
      (void)base::program_output({"localedef", "-i", "de_DE", "-f", "UTF-8", folder / "de_DE.UTF-8"},
                                 base::Seconds(60));
    }
    ~Compiled() {
      std::error_code ignored;
      std::filesystem::remove_all(folder, ignored);
    }
    std::filesystem::path folder;
  };
};

}  // namespace sm2::testing
