/** What the console says, in English. A message with parts is a function: word order is each language's own. */

const plural = (count: number, one: string, many: string) => (count === 1 ? one : many);
const number = (value: number) => value.toLocaleString('en-GB');

export const en = {
  app: {
    name: 'Shoal',
    skip: 'Skip to the content',
    navigation: 'Main',
    segments: 'Segments',
    profiles: 'Profiles',
    propensity: 'Propensity',
    live: 'Live',
    settings: 'Settings',
    moreLeftOut: 'There are more than are shown.',
    titleOf: (page: string) => `${page} – Shoal`,
    loading: 'Loading…',
    language: 'Language',
    theme: 'Theme',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
    sandbox: 'Sandbox',
    account: 'Account',
    signOut: 'Sign out',
    preferences: 'Preferences',
    notFound: 'There is no page at this address.',
    toSegments: 'Go to segments',
    close: 'Close',
    cancel: 'Cancel',
    tryAgain: 'Try again',
    copyDetails: 'Copy details',
    copied: 'Copied',
    partFailed: 'This part failed.',
    offline: 'The service can’t be reached. What you see may be old; what you change stays in this browser.',
    cannotLoad: 'This could not be loaded.',
    cannotStart: 'The console could not start.',
    requestId: (id: string) => `Request ${id}`,
  },
  list: {
    title: 'Segments',
    create: 'New segment',
    search: 'Search segments',
    searchHint: 'Name, field, event or tag',
    view: 'Which segments',
    views: {
      all: (count: number) => `All ${number(count)}`,
      published: (count: number) => `Live ${number(count)}`,
      draft: (count: number) => `Drafts ${number(count)}`,
      other: (count: number) => `Switched off ${number(count)}`,
    },
    tag: 'Tag',
    anyTag: 'Any tag',
    table: 'Segments',
    columns: { name: 'Name', state: 'State', runs: 'How it runs', version: 'Version', edited: 'Edited' },
    states: { draft: 'Draft', published: 'Live', inactive: 'Off', archived: 'Archived' },
    runs: { incremental: 'Streams', replay: 'Streams by replay' },
    selectAll: 'Select all',
    select: (name: string) => `Select ${name}`,
    selected: (count: number) => `${number(count)} selected`,
    clear: 'Clear selection',
    actions: {
      publish: 'Publish',
      deactivate: 'Switch off',
      delete: 'Delete…',
    },
    shown: (from: number, to: number, total: number) => `${number(from)}–${number(to)} of ${number(total)}`,
    next: 'Next page',
    previous: 'Previous page',
    nothingFound: (text: string) => `No segment has “${text}” in its name, rule or tags.`,
    nothingHere: 'No segment is in this view.',
    showAll: 'Show all segments',
    empty: 'Who do you want to reach?',
    emptyHint: 'A segment is a rule that says who belongs. Start with one of these, or with an empty canvas.',
    startEmpty: 'Start empty',
    deleteTitle: (count: number, name: string) =>
      count === 1 ? `Delete “${name}”` : `Delete ${number(count)} segments`,
    deleteWhat: (count: number) =>
      `${plural(count, 'It', 'They')} can’t be brought back. People who are in ${plural(count, 'it', 'them')} leave.`,
    deleteConfirm: (count: number) => (count === 1 ? 'Delete segment' : `Delete ${number(count)} segments`),
    done: {
      publish: (count: number) => `${number(count)} ${plural(count, 'segment is', 'segments are')} live.`,
      deactivate: (count: number) => `${number(count)} ${plural(count, 'segment is', 'segments are')} off.`,
      delete: (count: number) => `${number(count)} ${plural(count, 'segment', 'segments')} deleted.`,
    },
    refused: (name: string, why: string) => `“${name}” was left as it is: ${why}`,
  },
  templates: {
    shoes: {
      name: 'Browsed running shoes, no purchase',
      about: 'Looked at running shoes in the last 30 days and has not bought since.',
    },
    cart: { name: 'Cart left standing', about: 'Filled a cart in the last 3 days, and no order followed.' },
    loyal: { name: 'Back for more', about: 'Bought at least 3 times this year.' },
  },
};

/** The shape that every language fills: a message that is missing or takes other parts doesn't compile. */
export type Messages = typeof en;
