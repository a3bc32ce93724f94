// Trains nothing: joins a study when started by one, and says what it was given.
#include <sm2/client.h>

#include <cstdio>

int main() {
  sm2::Trial trial = sm2::Trial::join({});
  std::printf("active %d batch size %lld\n", trial.active(),
              static_cast<long long>(trial.parameter("batch_size", std::int64_t{64})));
}
