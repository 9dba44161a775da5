// Imports every customer of the store, page by page, while the store goes on selling.

const PER_PAGE = 60;
const BEGINNING = { page: 1, total: 0 };

// Save every customer that the store has from the beginning to the end of the import.
// An import that was broken off goes on where it stopped.
export async function importCustomers(salla, store) {
  for (;;) {
    const { data, pagination } = await salla.customers(store.progress.page, PER_PAGE);
    const finished = isFinished(store.progress, pagination);
    store.savePage(data, finished ? BEGINNING : nextProgress(store.progress, pagination));
    if (finished) return;
  }
}

// Whether the page that was just read was the last, and the list did not shrink.
export function isFinished(progress, { total, totalPages }) {
  return progress.page >= totalPages && total >= progress.total;
}

// Where to go on after a page that says `pagination` of itself.
//
// The list is newest first. A new customer moves the others towards later pages: some are read
// twice, which does no harm. A deleted one moves those behind it forward, over the edge of a
// page that was already read: where the list shrank, go back as far as that may have been.
export function nextProgress(progress, { total, perPage }) {
  const shrunk = progress.total - total;
  if (shrunk <= 0) return { page: progress.page + 1, total };
  const back = Math.ceil(shrunk / perPage);
  return { page: Math.max(1, progress.page - back), total };
}
