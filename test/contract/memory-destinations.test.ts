import { MemoryDeliveryLanes, MemoryDestinationStore } from '#shared/memory/memory-destinations.ts';
import { deliveryLanesContract, destinationStoreContract } from './delivery-lanes.contract.ts';

deliveryLanesContract(async () => new MemoryDeliveryLanes());
destinationStoreContract(async () => new MemoryDestinationStore());
