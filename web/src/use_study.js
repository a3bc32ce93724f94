// What the page knows of a study: asked for at once, then kept as the study changes.
import { useEffect, useState } from "preact/hooks";
import { get } from "./api.js";
import { patched, rowsOf } from "./columns.js";
import { follow, unhurried } from "./live.js";
import { apiPath } from "./route.js";

// { overview, rows, all, curves, connection, error }: what is not there yet is absent.
export function useStudy(study) {
  const [known, set] = useState({});
  useEffect(() => {
    const path = apiPath(study);
    let ended = false;
    const learn = (more) => !ended && set((before) => ({ ...before, error: null, ...more }));
    const failed = (error) => learn({ error });
    const overview = () => get(`${path}/overview`).then((value) => (learn({ overview: value }), value));
    const curves = () => get(`${path}/curves`).then((value) => learn({ curves: value }));
    const columns = () =>
      get(`${path}/columns`).then((value) => {
        learn({ rows: rowsOf(value), all: value.all });
        return value.events;
      });
    const pictures = unhurried(() => Promise.all([overview(), curves()]).catch(failed));
    const everything = () => Promise.all([columns(), overview(), curves()]);
    let stop = null;
    const begin = async () => {
      try {
        const [events, { study: { state: first } }] = await everything();
        if (ended) return;
        let [seen, state] = [events, first];
        stop = follow(
          path,
          events,
          (message) => {
            if (message === null) return void everything().catch(failed);
            if (message.events === seen && message.study.state === state) return;
            const another = message.events < seen; // by the same name
            [seen, state] = [message.events, message.study.state];
            if (another) return void everything().catch(failed);
            const all = Object.values(message.study.trials).reduce((sum, one) => sum + one, 0);
            set((before) => ({ ...before, error: null, rows: patched(before.rows, message.trials), all, overview: { ...before.overview, study: message.study } }));
            pictures();
          },
          (connection) => learn({ connection }),
        );
      } catch (error) {
        failed(error);
        if (error.status !== 404 && !ended) setTimeout(() => !ended && begin(), 3000);
      }
    };
    begin();
    return () => {
      ended = true;
      pictures.end();
      stop?.();
    };
  }, [study]);
  return known;
}
