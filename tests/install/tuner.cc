// Tunes by itself, in a program that could also join a study: the two public headers do not get into each other's way.
#include <sm2/client.h>
#include <sm2/tuner.h>

#include <cstdio>

int main() {
  const sm2::Trial joined = sm2::Trial::join({});
  sm2::Space space;
  space.add("x", sm2::choice({1, 2, 3}));
  sm2::Tuner tuner(space, {.strategy = "grid"});
  while (auto trial = tuner.ask()) tuner.tell(*trial, trial->number("x"));
  std::printf("active %d best %g of %zu\n", joined.active(), tuner.best()->value, tuner.trials().size());
}
