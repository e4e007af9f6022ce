import { MemoryProfileSegments } from '#shared/memory/memory-profile-segments.ts';
import { MemoryProfileStore } from '#shared/memory/memory-profile-stores.ts';
import { profileSegmentsContract } from './profile-segments.contract.ts';

profileSegmentsContract(async () => {
  const profiles = new MemoryProfileStore();
  return { profiles, segments: new MemoryProfileSegments(profiles) };
});
