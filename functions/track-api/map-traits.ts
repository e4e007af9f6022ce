/** `traits` of an identify call to the XDM fields of a person. A trait that is `null` takes its field away. */
import type { JsonObject } from './read-body.ts';
import { compact, objectOf, text as plainText } from './xdm.ts';

const text = (trait: unknown) => (trait === null ? null : plainText(trait));

export function mapTraits(traits: JsonObject): JsonObject {
  return compact({
    person: {
      name: { firstName: text(traits.firstName), lastName: text(traits.lastName), fullName: text(traits.name) },
      gender: text(traits.gender),
      birthDate: dateOf(traits.birthday),
    },
    personalEmail: { address: text(traits.email) },
    mobilePhone: { number: text(traits.phone) },
    homeAddress: addressOf(traits.address),
    segment: { traits },
  });
}

/** A date without a time; birthdays are sent as either. */
function dateOf(value: unknown): string | null | undefined {
  if (value === null) return null;
  const [date] = typeof value === 'string' ? (/^\d{4}-\d{2}-\d{2}(?=$|T)/.exec(value) ?? []) : [];
  return date;
}

function addressOf(address: unknown): JsonObject {
  if (address === null) {
    const gone = { street1: null, city: null, stateProvince: null, postalCode: null };
    return { ...gone, country: null, countryCode: null };
  }
  const { street, city, state, postalCode, country } = objectOf(address);
  const isCode = typeof country === 'string' && /^[A-Za-z]{2}$/.test(country);
  return {
    street1: text(street),
    city: text(city),
    stateProvince: text(state),
    postalCode: text(postalCode),
    ...(isCode ? { countryCode: country.toUpperCase() } : { country: text(country) }),
  };
}
