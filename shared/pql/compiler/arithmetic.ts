/** Numbers, the calendar's parts of a time, and places. A wrong type is null, and so is what is not finite. */
import type { Call } from '../ast.ts';
import { dayInterval, dayOfWeek, localDate, localHour } from '../time/calendar.ts';
import type { Zone } from '../time/zone.ts';
import type { Value } from '../value.ts';
import { instantOf, readField } from './access.ts';
import { type Code, type Compiler, sealed, variable } from './code.ts';

const finite = (value: number): Value => (Number.isFinite(value) ? value : null);

const BINARY: ReadonlyMap<string, (left: number, right: number) => Value> = new Map([
  ['+', (left: number, right: number) => finite(left + right)],
  ['-', (left: number, right: number) => finite(left - right)],
  ['*', (left: number, right: number) => finite(left * right)],
  ['/', (left: number, right: number) => (right === 0 ? null : finite(left / right))],
  ['%', (left: number, right: number) => (right === 0 ? null : finite(left % right))],
]);

const UNARY: ReadonlyMap<string, (value: number) => number> = new Map([
  ['negate', (value: number) => -value],
  ['abs', Math.abs],
  ['floor', Math.floor],
  ['ceil', Math.ceil],
  ['round', (value: number) => Math.sign(value) * Math.round(Math.abs(value))],
]);

const CALENDAR: ReadonlyMap<string, (instant: number, zone: Zone) => number> = new Map([
  ['getYear', (instant: number, zone: Zone) => localDate(instant, zone).year],
  ['getMonth', (instant: number, zone: Zone) => localDate(instant, zone).month],
  ['getDayOfMonth', (instant: number, zone: Zone) => localDate(instant, zone).day],
  ['getHour', localHour],
  ['dayOfWeek', dayOfWeek],
]);

const CURRENT: ReadonlyMap<string, string> = new Map([
  ['currentYear', 'getYear'],
  ['currentMonth', 'getMonth'],
  ['currentDayOfMonth', 'getDayOfMonth'],
]);

export function compileArithmetic(compiler: Compiler, { fn, args }: Call): Code | undefined {
  const { zone } = compiler;
  const current = CALENDAR.get(CURRENT.get(fn) ?? '');
  if (current !== undefined) return variable(({ now }) => current(now, zone));
  const codes = args.map((argument) => compiler.node(argument));
  const [first, second, third] = codes;
  if (first === undefined) return undefined;
  const unary = UNARY.get(fn);
  if (unary !== undefined) return lift(first, (value) => (typeof value === 'number' ? unary(value) : null));
  const calendar = CALENDAR.get(fn);
  if (calendar !== undefined) {
    return lift(first, (value) => {
      const instant = instantOf(value, zone);
      return instant === null ? null : finite(calendar(instant, zone));
    });
  }
  const binary = BINARY.get(fn);
  if (binary !== undefined && second !== undefined) return compileBinary(first, second, binary);
  if (fn !== 'date' || second === undefined || third === undefined) return undefined;
  return sealed(codes, (frame) => {
    const [year, month, day] = [first.run(frame), second.run(frame), third.run(frame)];
    const areNumbers = typeof year === 'number' && typeof month === 'number' && typeof day === 'number';
    return areNumbers ? dayInterval(year, month, day, zone) : null;
  });
}

function compileBinary(left: Code, right: Code, apply: (left: number, right: number) => Value): Code {
  return sealed([left, right], (frame) => {
    const [a, b] = [left.run(frame), right.run(frame)];
    return typeof a === 'number' && typeof b === 'number' ? apply(a, b) : null;
  });
}

function lift(receiver: Code, apply: (value: Value) => Value): Code {
  return sealed([receiver], (frame) => {
    const value = receiver.run(frame);
    return Array.isArray(value) ? value.map(apply).filter((result) => result !== null) : apply(value);
  });
}

/** Mean radius of the earth (IUGG), metres. */
const EARTH_RADIUS_METRES = 6_371_008.8;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

function metresBetween(place: Value, latitude: Value, longitude: Value): number | null {
  const [lat, lon] = [readField(place, 'latitude'), readField(place, 'longitude')];
  if (typeof lat !== 'number' || typeof lon !== 'number') return null;
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return null;
  const [phi1, phi2] = [radians(lat), radians(latitude)];
  const haversine =
    Math.sin((phi2 - phi1) / 2) ** 2 + Math.cos(phi1) * Math.cos(phi2) * Math.sin(radians(longitude - lon) / 2) ** 2;
  return 2 * EARTH_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(haversine)));
}

export function compilePlace(compiler: Compiler, { fn, args }: Call): Code | undefined {
  const codes = args.map((argument) => compiler.node(argument));
  const [place, latitude, longitude, metres] = codes;
  if (place === undefined || latitude === undefined || longitude === undefined) return undefined;
  if (fn === 'distanceTo') {
    return sealed(codes, (frame) => {
      const [value, lat, lon] = [place.run(frame), latitude.run(frame), longitude.run(frame)];
      if (!Array.isArray(value)) return metresBetween(value, lat, lon);
      return value.map((item) => metresBetween(item, lat, lon)).filter((distance) => distance !== null);
    });
  }
  if (fn !== 'within' || metres === undefined) return undefined;
  return sealed(codes, (frame) => {
    const [value, lat, lon, most] = [place.run(frame), latitude.run(frame), longitude.run(frame), metres.run(frame)];
    const isNear = (item: Value) => {
      const distance = metresBetween(item, lat, lon);
      return distance !== null && typeof most === 'number' && distance <= most;
    };
    return Array.isArray(value) ? value.some(isNear) : isNear(value);
  });
}
