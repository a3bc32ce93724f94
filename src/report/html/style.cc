#include "report/html/style.h"

namespace sm2::report::html {

const std::string_view kStyle = R"css(
:root{--page:#f4f5f3;--card:#fff;--ink:#1b2024;--soft:#59636c;--rule:#dde1e3;--well:#f1f3f4;
--win:#0067a8;--win2:#7db8de;--drop:#c9520a;--drop2:#e5935c;--fail:#8b939a;--fail2:#b4babf;--rest:#4f8a74;--rest2:#8db9a8;
--c0:#c98a00;--c1:#00835f;--c2:#b8568c;--c3:#2f9bd6;--c4:#c9520a;--c5:#7a6bc4;--c6:#7d7a1c;--grey:#b3b9be}
@media (prefers-color-scheme:dark){:root{--page:#12151a;--card:#1b1f26;--ink:#e7eaee;--soft:#9ba6b0;--rule:#323942;
--well:#242a32;--win:#58b1ec;--win2:#2f6c99;--drop:#ee8a45;--drop2:#96542a;--fail:#7e8790;--fail2:#545c64;--rest:#67b598;
--rest2:#3f7260;--c0:#e9ad32;--c1:#35b891;--c2:#dc85b3;--c3:#8ccdf2;--c4:#ee8a45;--c5:#a79bea;--c6:#bdb84c;--grey:#59626b}}
*{box-sizing:border-box}
html{font-size:clamp(15px,.42vw + 9.8px,20px);-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",
"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
main{max-width:92rem;margin:0 auto;padding:clamp(.9rem,2.5vw,2.2rem)}
nav{margin-bottom:.6rem;font-size:.9rem}
header{display:flex;flex-wrap:wrap;align-items:center;gap:.2rem .8rem;margin-bottom:1.1rem}
header>p{flex-basis:100%;margin:0}
.brand{color:var(--soft);font-size:.8rem;letter-spacing:.06em;text-transform:uppercase}
h1{font-size:1.75rem;line-height:1.2;margin:0;min-width:0;font-weight:650}
h2{font-size:1.05rem;line-height:1.3;margin:0 0 .6rem;font-weight:650}
.state,.chip{display:inline-block;border:1px solid currentColor;border-radius:1rem;padding:0 .6rem;font-size:.8rem;
color:var(--soft);white-space:nowrap}
.state.done{color:var(--rest)}.state.open{color:var(--drop)}
.lead{font-size:1.2rem}.aside,.say,.note{color:var(--soft)}.say{margin:0 0 .6rem}.note{font-size:.85rem;margin:.6rem 0 0}
.empty{color:var(--soft);font-style:italic;margin:.4rem 0}
.card{background:var(--card);border:1px solid var(--rule);border-radius:.7rem;padding:1.1rem 1.2rem;margin-bottom:1.1rem;
min-width:0}
.first{display:grid;gap:1.1rem;grid-template-columns:minmax(0,1fr);margin-bottom:1.1rem}.first .card{margin:0}
@media (min-width:1000px){.first{grid-template-columns:minmax(0,1.1fr) minmax(0,1fr) minmax(0,1.1fr)}}
.best{border-top:.25rem solid var(--win)}.cost{border-top:.25rem solid var(--rest)}.why{border-top:.25rem solid var(--drop)}
dl{margin:0}dd{margin:0}dt{color:var(--soft);font-size:.8rem}
.setting{display:flex;flex-wrap:wrap;gap:.5rem 1.6rem;margin-bottom:.9rem}
.setting dd{font-size:1.45rem;line-height:1.25;font-weight:600;font-variant-numeric:tabular-nums}
.setting .metric dd{color:var(--win)}
pre{margin:0;font:.86rem/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--well);
border-radius:.45rem;padding:.7rem .8rem;white-space:pre-wrap;overflow-wrap:anywhere}
.command{user-select:all;-webkit-user-select:all;cursor:copy;border-left:.2rem solid var(--win);max-height:14rem;overflow:auto}
.command span{display:inline-block;max-width:100%}
code{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.9em}
.total{margin:0;font-size:2.1rem;line-height:1.15;font-weight:650;font-variant-numeric:tabular-nums}
.total small{font-size:1rem;font-weight:400;color:var(--soft)}
i{font-style:normal}em{font-style:normal;color:var(--soft)}
.split{display:flex;gap:2px;height:1.1rem;margin:.2rem 0 .6rem;border-radius:.3rem;overflow:hidden}
.split i{min-width:2px;flex-basis:0}
.parts{list-style:none;margin:0;padding:0}
.parts li{display:grid;grid-template-columns:.8rem minmax(0,1fr) auto 3.4rem;gap:.5rem;align-items:baseline;padding:.1rem 0}
.parts i{height:.8rem;border-radius:.15rem}.parts b,.parts em{text-align:right;font-variant-numeric:tabular-nums}
.split .winner,.parts .winner{background:var(--win)}.split .explored,.parts .explored{background:var(--win2)}
.split .finished,.parts .finished{background:var(--rest)}
.split .dropped,.parts .dropped{background:repeating-linear-gradient(135deg,var(--drop) 0 4px,var(--drop2) 4px 7px)}
.why ul{list-style:none;margin:0;padding:0;font-size:.92rem}.why li{padding:.35rem 0;border-top:1px solid var(--rule)}
.why li p{margin:0;color:var(--soft);display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden}
.why .params{color:var(--soft)}.why .dropped b{color:var(--drop)}.why .failed b::after{content:" failed"}
a{color:var(--win)}
svg{display:block;max-width:100%}.chart{width:100%;height:auto}.chart.narrow{display:none}
@media (max-width:720px){.chart.wide{display:none}.chart.narrow{display:block;max-width:28rem}}
svg text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;fill:var(--soft);
font-variant-numeric:tabular-nums}
.narrow text{font-size:12px}.grid path{stroke:var(--rule);fill:none}.grid .name{fill:var(--ink)}.grid tspan{fill:var(--soft)}
.target path{stroke:var(--soft);stroke-dasharray:2 4;fill:none}
.line{--c:var(--ink)}.line>path{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.line circle{fill:var(--c)}.line .end{fill:var(--card);stroke:var(--c);stroke-width:2.2}
.line .end.full{fill:var(--c)}.line:hover>path{stroke-width:4}
.c0{--c:var(--c0)}.c1{--c:var(--c1)}.c2{--c:var(--c2)}.c3{--c:var(--c3)}.c4{--c:var(--c4)}.c5{--c:var(--c5)}.c6{--c:var(--c6)}
.line.d1>path:not(.end){stroke-dasharray:7 5}.line.d2>path:not(.end){stroke-dasharray:1.5 5}.line.d3>path:not(.end){stroke-dasharray:10 4 2 4}
.line.d4>path:not(.end){stroke-dasharray:14 4}
.line.grey{--c:var(--grey)}.line.grey>path{stroke-width:1.2}.line.winner{--c:var(--win)}.line.winner>path{stroke-width:4}
.line.grey .end{stroke-width:1.4}
svg .label{font-weight:600;fill:var(--c);paint-order:stroke;stroke:var(--card);stroke-width:4px;stroke-linejoin:round}
svg .label.winner{--c:var(--win);font-weight:700}
.marks{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:.3rem 0 .7rem;color:var(--soft);font-size:.85rem}
.marks span{display:flex;align-items:center;gap:.35rem}.marks svg{width:1rem}
.marks .end{fill:none;stroke:currentColor;stroke-width:2}.marks .full{fill:currentColor}
.legend{list-style:none;margin:0;padding:0;display:grid;gap:.15rem 1.4rem;font-size:.85rem;
grid-template-columns:repeat(auto-fill,minmax(min(19rem,100%),1fr))}
.legend li{display:grid;grid-template-columns:1.9rem minmax(0,1fr);gap:.5rem;align-items:center}.legend i{color:var(--soft)}
.bars{list-style:none;margin:0;padding:0}
.bars li{--a:var(--rest);--b:var(--rest2);display:grid;grid-template-columns:minmax(0,23rem) minmax(0,1fr) 12.5rem;
gap:.1rem 1rem;align-items:center;padding:.22rem 0}
.bars li.winner{--a:var(--win);--b:var(--win2)}.bars li.dropped{--a:var(--drop);--b:var(--drop2)}
.bars li.failed{--a:var(--fail);--b:var(--fail2)}
.who{font-size:.88rem;line-height:1.25}.who span{color:var(--soft)}
.much{font-variant-numeric:tabular-nums;font-size:.9rem;line-height:1.25}.much em{margin-left:.6rem;font-size:.85em}
.track{position:relative;height:1.15rem}.track.unknown{border:1px dashed var(--soft);border-radius:.2rem;max-width:6rem}
.bar{display:flex;height:100%;gap:1.5px;min-width:2px}.bar i{background:var(--a);flex-basis:0;min-width:1px}
.bar i.s1{background:var(--b)}.bar i:first-child{border-radius:.2rem 0 0 .2rem}.bar i:last-child{border-radius:0 .2rem .2rem 0}
.dropped .bar i{background:repeating-linear-gradient(135deg,var(--a) 0 5px,var(--b) 5px 7px)}
.dropped .bar i.s1{background:repeating-linear-gradient(135deg,var(--b) 0 5px,var(--a) 5px 7px)}
.whisker{position:absolute;top:50%;height:0;border-top:1.5px solid var(--ink)}
.whisker::before,.whisker::after{content:"";position:absolute;top:-.3rem;height:.5rem;border-left:1.5px solid var(--ink)}
.whisker::before{left:0}.whisker::after{right:0}
@media (max-width:720px){.bars li{grid-template-columns:minmax(0,1fr)}.track{height:.95rem}.bars li{padding:.4rem 0}}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.88rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.35rem .7rem;border-bottom:1px solid var(--rule);vertical-align:top;overflow-wrap:normal;
max-width:22rem}
thead th{color:var(--soft);font-weight:600;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;max-width:14rem}
.n{text-align:right}td.n{white-space:nowrap;overflow:hidden;text-overflow:ellipsis;max-width:14rem}
th[scope=row]{font-weight:600}.reason{min-width:19rem;max-width:none;overflow-wrap:anywhere}
tr.winner>*{background:color-mix(in srgb,var(--win) 10%,transparent)}tr.winner .chip{color:var(--win)}
tr.dropped .chip{color:var(--drop)}tr.finished .chip{color:var(--rest)}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(13rem,100%),1fr));gap:.6rem 1.4rem;margin-bottom:1rem}
.file{max-height:32rem;overflow:auto}
@media (max-width:720px){thead{display:none}tbody,table{display:block}
tr{display:flex;flex-wrap:wrap;gap:.1rem 1rem;padding:.5rem .3rem;border-bottom:1px solid var(--rule)}
th[scope=row],td,td.n{display:block;border:0;padding:0;text-align:left;max-width:100%}
td::before,th[scope=row]::before{content:attr(data-name) " ";color:var(--soft);font-weight:400}.reason{min-width:100%}
td.reason:empty{display:none}tr.winner{background:color-mix(in srgb,var(--win) 10%,transparent)}
tr.winner>*{background:none}}
@media print{:root{--page:#fff;--card:#fff}html{font-size:11px}.card{break-inside:avoid;border-color:#ccc}
#candidates,#file{break-inside:auto}.file,.command,.scroll{max-height:none;overflow:visible}.reason{min-width:0}
.why li p{display:block}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}tr,li{break-inside:avoid}}
)css";

}  // namespace sm2::report::html
