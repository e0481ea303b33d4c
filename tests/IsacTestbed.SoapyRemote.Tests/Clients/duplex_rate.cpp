// Streams both ways for a while through libSoapySDR and counts what was lost, as one line.
//   g++ -O2 -o duplex_rate duplex_rate.cpp -lSoapySDR -lpthread
//   duplex_rate ARGUMENTS SECONDS [r][t] [STREAM ARGUMENTS]
#include <SoapySDR/Device.hpp>
#include <SoapySDR/Errors.hpp>
#include <SoapySDR/Formats.hpp>
#include <SoapySDR/Logger.hpp>
#include <atomic>
#include <chrono>
#include <cmath>
#include <complex>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

using Samples = std::vector<std::complex<float>>;

static std::atomic<bool> done{false};

int main(int argc, char **argv)
{
    if (argc < 4)
    {
        std::fprintf(stderr, "duplex_rate ARGUMENTS SECONDS [r][t] [STREAM ARGUMENTS]\n");
        return 2;
    }

    SoapySDR::setLogLevel(SOAPY_SDR_ERROR);
    SoapySDR::Device *radio = SoapySDR::Device::make(std::string(argv[1]));
    const double seconds = std::atof(argv[2]);
    const std::string ways = argv[3];
    const SoapySDR::Kwargs arguments = SoapySDR::KwargsFromString(argc > 4 ? argv[4] : "");
    const double rate = radio->getSampleRate(SOAPY_SDR_RX, 0);
    long long received = 0, sent = 0, lost = 0, overflows = 0, underflows = 0, failures = 0;
    std::vector<std::thread> threads;
    SoapySDR::Stream *tx = nullptr;
    if (ways.find('t') != std::string::npos)
    {
        tx = radio->setupStream(SOAPY_SDR_TX, SOAPY_SDR_CF32, {0}, arguments);
        threads.emplace_back([&] {
            Samples buffer(radio->getStreamMTU(tx), {0.3f, 0.2f});
            const void *buffers[] = {buffer.data()};
            radio->activateStream(tx);
            while (!done)
            {
                int flags = 0;
                const int count = radio->writeStream(tx, buffers, buffer.size(), flags, 0, 500000);
                (count < 0 ? failures : sent) += count < 0 ? 1 : count;
            }
            radio->deactivateStream(tx);
        });
        threads.emplace_back([&] {
            while (!done)
            {
                size_t mask = 0;
                int flags = 0;
                long long time = 0;
                underflows += radio->readStreamStatus(tx, mask, flags, time, 200000) == SOAPY_SDR_UNDERFLOW;
            }
        });
    }

    if (ways.find('r') != std::string::npos)
    {
        SoapySDR::Stream *rx = radio->setupStream(SOAPY_SDR_RX, SOAPY_SDR_CF32, {0}, arguments);
        threads.emplace_back([&, rx] {
            Samples buffer(radio->getStreamMTU(rx));
            void *buffers[] = {buffer.data()};
            long long expected = -1;
            radio->activateStream(rx);
            while (!done)
            {
                int flags = 0;
                long long time = 0;
                const int count = radio->readStream(rx, buffers, buffer.size(), flags, time, 500000);
                if (count < 0)
                {
                    (count == SOAPY_SDR_OVERFLOW ? overflows : failures)++;
                    continue;
                }
                const long long first = std::llround(time * rate / 1e9);
                lost += expected < 0 ? 0 : first - expected;
                expected = first + count;
                received += count;
            }
            radio->deactivateStream(rx);
        });
    }

    const auto begin = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    done = true;
    const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    for (auto &thread : threads) thread.join();
    std::printf("rx %.3f MS/s, tx %.3f MS/s, overflows %lld, samples lost %lld, underflows %lld, other failures %lld, client %.2f processors\n",
        received / elapsed / 1e6, sent / elapsed / 1e6, overflows, lost, underflows, failures, double(std::clock()) / CLOCKS_PER_SEC / elapsed);
    SoapySDR::Device::unmake(radio);
    return overflows + lost + underflows + failures == 0 ? 0 : 1;
}
