/** 설정 페이지의 말, 한국어. */
import type { SettingsMessages } from './en-settings.ts';

export const settings = {
  kept: '이 브라우저에 저장됩니다.',
  zone: '표시 시간대',
  zoneAbout: (zone: string) => `이 기기의 시간대인 ${zone} 기준입니다. 세그먼트의 시간대는 규칙과 함께 표시됩니다.`,
  sandboxAbout: '보이는 모든 내용은 한 샌드박스에 속합니다.',
  roles: '권한',
  rolesAre: (roles: string) => `내 역할: ${roles}.`,
  noRole: '모든 내용을 읽을 수 있고 변경할 수는 없습니다.',
} satisfies SettingsMessages as SettingsMessages;
