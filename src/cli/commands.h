// The commands of sm2: one file each, cli/<command>.cc, adds its subcommand to the CLI11 application; pause, resume and stop share
// one. A command sets `status` to the process's exit status: 0 done; 1 no usable trial; 2 bad usage or study file; 3 budget
// spent before a result; 130 interrupted.
#pragma once

#include <CLI/CLI.hpp>

namespace sm2::cli {

void add_init(CLI::App& app, int& status);
void add_tune(CLI::App& app, int& status);
void add_worker(CLI::App& app, int& status);
void add_control(CLI::App& app, int& status);
void add_measure(CLI::App& app, int& status);
void add_compare(CLI::App& app, int& status);
void add_devices(CLI::App& app, int& status);
void add_list(CLI::App& app, int& status);
void add_show(CLI::App& app, int& status);
void add_trials(CLI::App& app, int& status);
void add_best(CLI::App& app, int& status);
void add_report(CLI::App& app, int& status);
void add_serve(CLI::App& app, int& status);
void add_export(CLI::App& app, int& status);
void add_check(CLI::App& app, int& status);
void add_backup(CLI::App& app, int& status);

}  // namespace sm2::cli
