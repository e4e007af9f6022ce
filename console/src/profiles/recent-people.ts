/** Whom this browser looked up: kept here only, never sent. */
export interface Person {
  readonly ns: string;
  readonly id: string;
}

const KEY = 'shoal.recent-people';
const KEPT = 8;

export function recentPeople(): readonly Person[] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '[]') as Person[];
  } catch {
    return [];
  }
}

export function rememberPerson(person: Person): void {
  const others = recentPeople().filter(({ ns, id }) => ns !== person.ns || id !== person.id);
  try {
    localStorage.setItem(KEY, JSON.stringify([person, ...others].slice(0, KEPT)));
  } catch {
    return;
  }
}

export const forgetPeople = (): void => localStorage.removeItem(KEY);
