/** Which route of an HTTP API takes a request: an exact path before one with parameters, those before a greedy one. */

export interface Route<Target> {
  /** `GET /path/{id}`, `ANY /path/{proxy+}` or `$default`. */
  readonly key: string;
  readonly target: Target;
}

export interface Match<Target> {
  readonly route: Route<Target>;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Candidate<Target> extends Match<Target> {
  readonly rank: string;
}

export function findRoute<Target>(
  routes: readonly Route<Target>[],
  method: string,
  path: string,
): Match<Target> | undefined {
  const candidates = routes.map((route) => matchRoute(route, method, path)).filter((match) => match !== undefined);
  return candidates.sort((left, right) => (left.rank < right.rank ? -1 : 1))[0];
}

function matchRoute<Target>(route: Route<Target>, method: string, path: string): Candidate<Target> | undefined {
  if (route.key === '$default') return { route, pathParameters: {}, rank: '9' };
  const [routeMethod, routePath = ''] = route.key.split(' ');
  if (routeMethod !== 'ANY' && routeMethod !== method) return undefined;
  const given = path.split('/');
  const wanted = routePath.split('/');
  const pathParameters: Record<string, string> = {};
  let rank = '';
  for (const [index, segment] of wanted.entries()) {
    const parameter = /^\{([^+}]+)(\+?)\}$/.exec(segment);
    const value = given[index];
    if (value === undefined) return undefined;
    if (parameter?.[2] === '+') {
      pathParameters[parameter[1] as string] = decodeURIComponent(given.slice(index).join('/'));
      return { route, pathParameters, rank: `${rank}2${routeMethod === 'ANY' ? 1 : 0}` };
    }
    if (!parameter && segment !== value) return undefined;
    if (parameter) pathParameters[parameter[1] as string] = decodeURIComponent(value);
    rank += parameter ? '1' : '0';
  }
  if (given.length !== wanted.length) return undefined;
  return { route, pathParameters, rank: `${rank}${routeMethod === 'ANY' ? 1 : 0}` };
}
