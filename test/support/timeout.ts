// Servers and processes start and stop in these tests, and a busy machine is slow. What waits for something says itself
// what it waited for, long before this is over.
import.meta.jest.setTimeout(180_000);
