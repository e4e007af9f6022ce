/**
 * What the address bar says of the builder. The router would leave the page for it, and the page holds what was done so
 * far: so it is told nothing, and finds the right page when the address is loaded anew. What a new rule began with stays
 * in the address until something is changed: from then on the browser keeps it.
 */
export function showAddress(id: string | undefined, view: string, isChanged: boolean): void {
  const path = id === undefined ? '/segments/new' : `/segments/${id}/edit`;
  const search = new URLSearchParams(id === undefined && !isChanged ? window.location.search : '');
  if (view === 'canvas') search.delete('view');
  else search.set('view', view);
  const query = search.size === 0 ? '' : `?${search}`;
  History.prototype.replaceState.call(window.history, window.history.state, '', path + query);
}
