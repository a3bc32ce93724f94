// Preloaded into Slurm's node daemon: /sys/cray/pm_counters, which only Cray's nodes have, is the folder PM_COUNTERS.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

FILE *fopen(const char *path, const char *mode) {
  static FILE *(*next)(const char *, const char *);
  static const char there[] = "/sys/cray/pm_counters/";
  char here[4096];
  const char *folder = getenv("PM_COUNTERS");
  if (!next) *(void **)&next = dlsym(RTLD_NEXT, "fopen");
  if (folder && strncmp(path, there, sizeof there - 1) == 0) {
    snprintf(here, sizeof here, "%s/%s", folder, path + sizeof there - 1);
    path = here;
  }
  return next(path, mode);
}
