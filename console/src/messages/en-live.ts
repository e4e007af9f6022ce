/** Words of the live page, in English. */
const number = (value: number) => value.toLocaleString('en-GB');

export const live = {
  title: 'Live',
  pause: 'Pause',
  resume: 'Go on',
  paused: 'Paused. Nothing is asked for.',
  catchingUp: (read: number) => `Catching up: ${number(read)} changes read.`,
  events: 'Events a second',
  eventsAbout: (total: string) => `${total} counted in all, looked at every 10 s`,
  eventsUnknown: 'known after two looks, 10 s apart',
  changes: 'Changes a second',
  changesAbout: 'in the last minute',
  late: 'Exits by time',
  lateAbout: (p50: string, p99: string) => `until seen here: half within ${p50} s, 99 of 100 within ${p99} s`,
  lateNone: 'Nobody left by time alone since this page was opened.',
  lag: 'Behind',
  lagAbout: 'from an event’s time to its change seen here, half of them',
  lagNone: 'No event changed anything since this page was opened.',
  seconds: (seconds: string) => `${seconds} s`,
  log: 'Changes as they happen',
  segment: 'Segment',
  anySegment: 'All segments',
  cause: 'Cause',
  anyCause: 'All causes',
  causes: {
    event: 'by an event',
    time: 'by time alone',
    definition: 'by a new rule',
    merge: 'by joining people',
    batch: 'by a job',
    erasure: 'by erasure',
  },
  entered: 'entered',
  left: 'left',
  late1: (seconds: string) => `${seconds} s after the instant`,
  none: 'No change yet. They appear here as they happen.',
  waiting: (count: number) => `${number(count)} new`,
  summary: (entered: number, left: number) => `In the last minute ${number(entered)} entered and ${number(left)} left.`,
  jobs: 'Jobs',
  noJobs: 'No job has run yet.',
  activating: 'Taking up a new rule',
  activatingProgress: (behind: number, profiles: number) =>
    `${number(behind)} of ${number(profiles)} people have not followed yet`,
};

export type LiveMessages = typeof live;
