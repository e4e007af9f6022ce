/** Data types that several field groups share, as the published XDM data types have them. */
import {
  date,
  double,
  type FieldSchema,
  flag,
  list,
  map,
  moment,
  object,
  oneOf,
  text,
  texts,
} from '../field-schema.ts';

export const identityMap: FieldSchema = map(
  'Identities',
  list(
    'Identities of a namespace',
    object('Identity', {
      id: text('Identity value', { 'meta:labels': ['I1'] }),
      primary: flag('Is primary'),
      authenticatedState: oneOf('Authenticated state', {
        ambiguous: 'Ambiguous',
        authenticated: 'Authenticated',
        loggedOut: 'Logged out',
      }),
    }),
  ),
  { description: 'Who it is about, by namespace.' },
);

export const postalAddress = (title: string): FieldSchema =>
  object(title, {
    street1: text('Street', { description: 'First line of the street address.', 'meta:labels': ['I1'] }),
    street2: text('Street, second line', { 'meta:labels': ['I1'] }),
    street3: text('Street, third line', { 'meta:labels': ['I1'] }),
    street4: text('Street, fourth line', { 'meta:labels': ['I1'] }),
    city: text('City', 'Name of the city.'),
    state: text('State', 'Name of the state.'),
    stateProvince: text('State or province', 'Code of the state or province.'),
    region: text('Region', 'Part of a city, state or country.'),
    postalCode: text('Postal code', { 'meta:labels': ['I2'] }),
    country: text('Country', 'Name of the country.'),
    countryCode: text('Country code', 'Two letters of ISO 3166-1.'),
    label: text('Label', 'Free-form name of the address.'),
    status: text('Status', 'Whether the address can be used.'),
    dmaID: text('Designated market area'),
    postOfficeBox: text('Post office box', { 'meta:labels': ['I1'] }),
    primary: flag('Is primary'),
    lastVerifiedDate: date('Last verified'),
  });

export const emailAddress = (title: string): FieldSchema =>
  object(title, {
    address: text('Address', { description: 'The e-mail address.', 'meta:labels': ['I1'] }),
    primary: flag('Is primary'),
    type: text('Type'),
    label: text('Label'),
    status: text('Status', 'Whether mail can be sent to it.'),
    statusReason: text('Reason of status'),
  });

export const phoneNumber = (title: string): FieldSchema =>
  object(title, {
    number: text('Number', { description: 'The telephone number.', 'meta:labels': ['I1'] }),
    extension: text('Extension'),
    countryCode: text('Country calling code'),
    status: text('Status', 'Whether it can be called.'),
    primary: flag('Is primary'),
  });

export const measure = (title: string, description?: string): FieldSchema =>
  object(
    title,
    { id: text('Id', 'Tells repeated measures apart.'), value: double('Value', 'How often, or how much.') },
    description === undefined ? {} : { description },
  );

export const measures = (titles: Readonly<Record<string, string>>): Readonly<Record<string, FieldSchema>> =>
  Object.fromEntries(Object.entries(titles).map(([name, title]) => [name, measure(title)]));

export const geo: FieldSchema = object('Geographic position', {
  ...texts('city', 'countryCode', 'postalCode'),
  stateProvince: text('State or province'),
  dmaID: { title: 'Designated market area', type: 'integer' },
  _schema: object(
    'Coordinates',
    { latitude: double('Latitude'), longitude: double('Longitude') },
    { 'meta:labels': ['S1'] },
  ),
});

/** What somebody chose for one purpose or channel. */
export const choice = (title: string, purpose: string): FieldSchema =>
  object(
    title,
    {
      val: oneOf('Choice', {
        y: 'Yes',
        n: 'No',
        p: 'Pending',
        u: 'Unknown',
        dy: 'Default of yes',
        dn: 'Default of no',
        LI: 'Legitimate interest',
        CT: 'Contract',
        CP: 'Compliance with a legal obligation',
        VI: 'Vital interest of the individual',
        PI: 'Public interest',
      }),
      time: moment('Time of choice'),
      reason: text('Reason'),
    },
    { description: purpose },
  );
