// What stands for the page where it could not be made.
#include "dashboard/assets.h"

namespace sm2::dashboard {

const Assets kAssets;

}  // namespace sm2::dashboard
