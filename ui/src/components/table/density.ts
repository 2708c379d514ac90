import { createStore } from "@/lib/store";

/** Height of a table's row in pixels, as the settings say. */
export const rowHeight = createStore(36);
