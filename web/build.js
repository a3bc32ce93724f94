// node build.js ASSETS.cc: the page as C++, one script and one style sheet (src/dashboard/assets.h).
import { build } from "esbuild";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const made = await build({
  absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
  entryPoints: { page: "src/main.js" },
  outdir: "out",
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: ["es2020", "chrome100", "firefox100", "safari15.4"],
  legalComments: "none",
  banner: { js: "/* sm2; with preact (MIT), htm (Apache-2.0), uPlot (MIT) */" },
});

const text = (end) => made.outputFiles.find((file) => file.path.endsWith(end)).text;

function literal(content) {
  const mark = "sm2web";
  if (content.includes(`)${mark}"`)) throw new Error(`the page contains )${mark}"`);
  // In pieces: compilers limit the length of one literal.
  return content.match(/[^]{1,12000}/gu).map((piece) => `R"${mark}(${piece})${mark}"`).join("\n    ");
}

await writeFile(
  process.argv[2],
  `// Made of web/ by web/build.js.
#include "dashboard/assets.h"

namespace sm2::dashboard {
namespace {

constexpr std::string_view kScript =
    ${literal(text(".js"))};

constexpr std::string_view kStyle =
    ${literal(text(".css"))};

}  // namespace

const Assets kAssets{kScript, kStyle};

}  // namespace sm2::dashboard
`,
);
