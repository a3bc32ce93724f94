// Pictures are drawn when somebody is about to see them: what nobody sees need not be.
import { useLayoutEffect, useState } from "preact/hooks";
import { onPaper } from "./paper.js";

// Whether the element is on the screen, or has been, or is about to be, or is printed.
export function useNear(element) {
  const [near, come] = useState(false);
  useLayoutEffect(() => {
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && seen(), { rootMargin: "400px" });
    const forget = onPaper((begins) => begins && seen());
    const end = () => {
      observer.disconnect();
      forget();
    };
    const seen = () => {
      come(true);
      end();
    };
    observer.observe(element.current);
    return end;
  }, []);
  return near;
}
