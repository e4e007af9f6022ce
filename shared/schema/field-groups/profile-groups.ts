/** The field groups of a person, by the names and types that the published XDM schemas give them. */
import {
  date,
  double,
  type FieldGroup,
  integer,
  list,
  map,
  moment,
  object,
  oneOf,
  text,
  texts,
} from '../field-schema.ts';
import { choice, emailAddress, identityMap, phoneNumber, postalAddress } from './data-types.ts';

const I1 = { 'meta:labels': ['I1'] } as const;
const I2 = { 'meta:labels': ['I2'] } as const;

const membership = object('Membership', {
  status: oneOf('Status', { realized: 'Member', existing: 'Member before', exited: 'Left' }),
  version: text('Version of the definition'),
  lastQualificationTime: moment('Last change'),
  validUntil: moment('Valid until'),
});

const score = object('Score', {
  score: double('Score', 'From 0 to 100.'),
  probability: double('Probability'),
  percentile: double('Percentile', 'Among all that were scored.'),
  bucket: oneOf('Bucket', { low: 'Low', medium: 'Medium', high: 'High' }),
  scoredAt: moment('Time of the score'),
  factors: list(
    'Influential factors',
    object('Factor', {
      name: text('Name'),
      direction: oneOf('Direction', { raises: 'Raises the score', lowers: 'Lowers the score' }),
      importance: oneOf('Importance', { low: 'Low', medium: 'Medium', high: 'High' }),
      contribution: double('Contribution', 'To the log odds.'),
    }),
  ),
});

const channels = {
  any: choice('Any channel', 'Marketing over any channel.'),
  email: choice('E-mail', 'Marketing by e-mail.'),
  sms: choice('Text message', 'Marketing by text message.'),
  push: choice('Push notification', 'Marketing by push notification.'),
  call: choice('Telephone', 'Marketing by telephone.'),
  inApp: choice('In-app message', 'Marketing inside an application.'),
  postalMail: choice('Postal mail', 'Marketing by post.'),
  whatsApp: choice('WhatsApp', 'Marketing by WhatsApp.'),
};

export const PROFILE_GROUPS: readonly FieldGroup[] = [
  {
    id: 'record',
    title: 'Profile',
    description: 'The profile as such.',
    properties: { _id: text('Profile id', I1) },
  },
  {
    id: 'person',
    title: 'Demographic details',
    description: 'Name, birth, gender and language of the person.',
    properties: {
      person: object('Person', {
        name: object('Name', {
          firstName: text('First name', I1),
          middleName: text('Middle name', I1),
          lastName: text('Last name', I1),
          fullName: text('Full name', I1),
          courtesyTitle: text('Courtesy title'),
          suffix: text('Suffix'),
        }),
        gender: text('Gender'),
        birthDate: date('Birth date', I2),
        birthYear: integer('Birth year'),
        birthDayAndMonth: text('Birth day and month', { description: 'As MM-DD.', ...I2 }),
        maritalStatus: text('Marital status'),
        nationality: text('Nationality'),
        taxId: text('Tax id', I1),
      }),
      preferredLanguage: text('Preferred language', 'Language tag, such as "ko-KR".'),
      timeZone: text('Time zone', 'IANA name, such as "Asia/Seoul".'),
    },
  },
  {
    id: 'contact',
    title: 'Contact details',
    description: 'E-mail addresses and telephone numbers.',
    properties: {
      personalEmail: emailAddress('Personal e-mail'),
      workEmail: emailAddress('Work e-mail'),
      mobilePhone: phoneNumber('Mobile phone'),
      homePhone: phoneNumber('Home phone'),
      workPhone: phoneNumber('Work phone'),
      faxPhone: phoneNumber('Fax'),
    },
  },
  {
    id: 'addresses',
    title: 'Addresses',
    description: 'Where the person lives, works and has things sent to.',
    properties: {
      homeAddress: postalAddress('Home address'),
      workAddress: postalAddress('Work address'),
      mailingAddress: postalAddress('Mailing address'),
      billingAddress: postalAddress('Billing address'),
      shippingAddress: postalAddress('Shipping address'),
    },
  },
  {
    id: 'loyalty',
    title: 'Loyalty',
    description: 'Membership of a loyalty programme.',
    properties: {
      loyalty: object('Loyalty', {
        ...texts('tier', 'program', 'status'),
        points: double('Points'),
        pointsExpiration: { title: 'Points that expire' },
        joinDate: moment('Joined'),
        upgradeDate: moment('Upgraded'),
        tierExpiryDate: moment('Tier ends'),
        loyaltyID: list('Loyalty numbers', text('Loyalty number', I1)),
      }),
    },
  },
  {
    id: 'consents',
    title: 'Consent and preferences',
    description: 'What the person agreed to, by purpose and by channel.',
    properties: {
      consents: object('Consents', {
        collect: choice('Data collection', 'Collecting data about the person.'),
        share: choice('Data sharing', 'Sharing data with others.'),
        adID: object('Advertising id', { val: text('Choice'), idType: text('Kind of id') }),
        personalize: object('Personalization', {
          content: choice('Personalized content', 'Content chosen for the person.'),
        }),
        marketing: object('Marketing', { ...channels, preferred: text('Preferred channel') }),
        metadata: object('Metadata', { time: moment('Last change') }),
      }),
    },
  },
  {
    id: 'identityMap',
    title: 'Identities',
    description: 'Who the person is, by namespace.',
    properties: { identityMap },
  },
  {
    id: 'segmentMembership',
    title: 'Segment membership',
    description: 'The segments that the person is or was in.',
    properties: { segmentMembership: map('Segment membership', map('Segments of a namespace', membership)) },
  },
  {
    id: 'propensity',
    title: 'Propensity scores',
    description: 'What the instances of Customer AI scored, by the id of the instance.',
    properties: { propensity: map('Propensity', score) },
  },
];
