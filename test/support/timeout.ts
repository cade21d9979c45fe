// Servers start and stop in these tests. What waits for them says itself what it waited for, long before this is over.
import.meta.jest.setTimeout(180_000);
