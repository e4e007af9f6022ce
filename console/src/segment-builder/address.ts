/**
 * What the address bar says of the builder. The router would leave the page for it, and the page holds what was done so
 * far: so it is told nothing, and finds the right page when the address is loaded anew.
 */
export function showAddress(id: string | undefined, view: string): void {
  const path = id === undefined ? '/segments/new' : `/segments/${id}/edit`;
  const search = view === 'canvas' ? '' : `?view=${view}`;
  History.prototype.replaceState.call(window.history, window.history.state, '', path + search);
}
