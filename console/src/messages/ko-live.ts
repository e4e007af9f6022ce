/** 실시간 페이지의 말, 한국어. */
import type { LiveMessages } from './en-live.ts';

const number = (value: number) => value.toLocaleString('ko-KR');

export const live = {
  title: '실시간',
  pause: '일시정지',
  resume: '계속',
  paused: '일시정지되었습니다. 아무것도 조회하지 않습니다.',
  catchingUp: (read: number) => `따라잡는 중: 변경 ${number(read)}건을 읽었습니다.`,
  events: '초당 이벤트',
  eventsAbout: (total: string) => `지금까지 ${total}건, 10초마다 확인`,
  eventsUnknown: '10초 간격으로 두 번 확인한 뒤에 알 수 있습니다',
  changes: '초당 변경',
  changesAbout: '최근 1분',
  late: '시간에 따라 나간 사람',
  lateAbout: (p50: string, p99: string) => `여기 보이기까지: 절반은 ${p50}초, 100명 중 99명은 ${p99}초 안`,
  lateNone: '이 페이지를 연 뒤 시간에 따라 나간 사람이 없습니다.',
  lag: '지연',
  lagAbout: '이벤트 시각부터 변경이 여기 보이기까지, 절반 기준',
  lagNone: '이 페이지를 연 뒤 이벤트로 바뀐 것이 없습니다.',
  seconds: (seconds: string) => `${seconds}초`,
  log: '실시간 변경',
  segment: '세그먼트',
  anySegment: '모든 세그먼트',
  cause: '원인',
  anyCause: '모든 원인',
  causes: {
    event: '이벤트',
    time: '시간 경과',
    definition: '새 규칙',
    merge: '사람 병합',
    batch: '작업',
    erasure: '삭제',
  },
  entered: '들어옴',
  left: '나감',
  late1: (seconds: string) => `그 시점 ${seconds}초 뒤`,
  none: '아직 변경이 없습니다. 일어나는 대로 여기에 나타납니다.',
  waiting: (count: number) => `새 변경 ${number(count)}건`,
  summary: (entered: number, left: number) =>
    `최근 1분 동안 ${number(entered)}명이 들어오고 ${number(left)}명이 나갔습니다.`,
  jobs: '작업',
  noJobs: '아직 실행된 작업이 없습니다.',
  activating: '새 규칙 적용 중',
  activatingProgress: (behind: number, profiles: number) =>
    `${number(profiles)}명 중 ${number(behind)}명이 아직 따르지 않았습니다`,
} satisfies LiveMessages as LiveMessages;
