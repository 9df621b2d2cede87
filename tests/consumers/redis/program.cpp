// A user's program: a fleet's pacer, made and refused. It needs no Redis.
#include <chatapps/chatapps.hpp>
#include <chatapps/redis_pacer.hpp>

int main() {
  chatapps::RedisPacerOptions options;
  options.url = "redis://127.0.0.1";
  options.processes = 2;
  chatapps::ClientOptions client;
  client.apiKey = "key";
  client.pacing = chatapps::Pacing::shared(chatapps::makeRedisPacer(options));
  const chatapps::ChatAppsClient made(client);
  try {
    chatapps::makeRedisPacer({});
    return 1;
  } catch (const chatapps::InvalidArgumentError&) {
    return 0;
  }
}
