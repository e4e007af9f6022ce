/** Words of the settings page, in English. */
export const settings = {
  kept: 'Kept in this browser.',
  zone: 'Time zone of what is shown',
  zoneAbout: (zone: string) => `${zone}, as this device has it. A segment’s own time zone stands with its rule.`,
  sandboxAbout: 'Everything that is shown belongs to one sandbox.',
  roles: 'What you may do',
  rolesAre: (roles: string) => `Your roles: ${roles}.`,
  noRole: 'You may read everything and change nothing.',
};
export type SettingsMessages = typeof settings;
