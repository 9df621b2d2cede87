// Every error has a type of its own where one would act on it differently. Catch the ones you act on, and then the
// root.
//
//   CHATAPPS_API_KEY=... errors SUBACCOUNT UMID
#include <chatapps/chatapps.hpp>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  const std::string subAccountId = argc > 1 ? argv[1] : "sandbox";
  const std::string umid = argc > 2 ? argv[2] : "00000000-0000-4000-8000-000000000000";

  try {
    const auto details = chatapps::ChatAppsClient::fromEnvironment().getMessageDetails(subAccountId, umid);
    std::cout << details.size() << " channels were tried\n";
    return 0;
  } catch (const chatapps::InvalidArgumentError& error) {
    std::cerr << "mend the program: " << error.argument() << " can not be right\n";
  } catch (const chatapps::UnauthorizedError&) {
    std::cerr << "get a new API key from 8x8 Connect\n";
  } catch (const chatapps::NotFoundError&) {
    std::cerr << "nothing is known of this message: wrong umid, subaccount or region?\n";
  } catch (const chatapps::RateLimitError& error) {
    const auto wait = error.retryAfter().value_or(std::chrono::seconds(1));
    std::cerr << "others use this subaccount as well; try again in " << wait.count() << " ms\n";
  } catch (const chatapps::ApiError& error) {  // any other answer that is no success
    std::cerr << "HTTP " << error.httpStatus() << ", errorId " << error.errorId().value_or("(none)") << '\n';
  } catch (const chatapps::TimeoutError& error) {
    std::cerr << (error.wouldWait() ? "too many calls wait for this subaccount\n" : "out of time\n");
  } catch (const chatapps::ChatAppsError& error) {
    std::cerr << error.what() << "\nattempts: " << error.attempts()
              << (error.retryable() ? "; the same call may succeed later\n" : "; the same call will fail again\n");
  }
  return 1;
}
