/* The work of RangeDopplerProcessor and of accumulate-then-filter, with single-precision FFTW on one thread.
 * gcc -O3 -march=native -ffast-math range_doppler_fftw.c -o range_doppler_fftw -lfftw3f -lm
 * Usage: range_doppler_fftw PULSES SAMPLES REPETITIONS. Prints the best of all repetitions in megasamples per second. */
#include <complex.h>
#include <fftw3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + 1e-9 * now.tv_nsec;
}

static void multiply_conjugate(float *restrict y, const float *restrict h, int samples)
{
    for (int i = 0; i < samples; i++) {
        float re = y[2 * i] * h[2 * i] + y[2 * i + 1] * h[2 * i + 1];
        float im = y[2 * i + 1] * h[2 * i] - y[2 * i] * h[2 * i + 1];
        y[2 * i] = re;
        y[2 * i + 1] = im;
    }
}

int main(int count, char **arguments)
{
    if (count != 4) {
        fprintf(stderr, "usage: %s PULSES SAMPLES REPETITIONS\n", arguments[0]);
        return 2;
    }

    int pulses = atoi(arguments[1]), samples = atoi(arguments[2]), repetitions = atoi(arguments[3]);
    size_t total = (size_t)pulses * samples;
    fftwf_complex *x = fftwf_alloc_complex(total), *y = fftwf_alloc_complex(total);
    fftwf_complex *h = fftwf_alloc_complex(samples), *sum = fftwf_alloc_complex(samples);
    fftwf_plan forward = fftwf_plan_many_dft(1, &samples, pulses, x, NULL, 1, samples, y, NULL, 1, samples, FFTW_FORWARD, FFTW_MEASURE);
    fftwf_plan backward = fftwf_plan_many_dft(1, &samples, pulses, y, NULL, 1, samples, y, NULL, 1, samples, FFTW_BACKWARD, FFTW_MEASURE);
    fftwf_plan doppler = fftwf_plan_many_dft(1, &pulses, samples, y, NULL, samples, 1, y, NULL, samples, 1, FFTW_FORWARD, FFTW_MEASURE);
    fftwf_plan once = fftwf_plan_dft_1d(samples, sum, sum, FFTW_FORWARD, FFTW_MEASURE);
    fftwf_plan back = fftwf_plan_dft_1d(samples, sum, sum, FFTW_BACKWARD, FFTW_MEASURE);
    for (size_t i = 0; i < total; i++) {
        x[i] = (rand() / (float)RAND_MAX - 0.5f) + (rand() / (float)RAND_MAX - 0.5f) * I;
    }

    for (int i = 0; i < samples; i++) {
        h[i] = cexpf(0.1f * i * I);
    }

    double map = 1e9, accumulate = 1e9;
    for (int r = 0; r < repetitions; r++) {
        double start = seconds();
        fftwf_execute(forward);
        for (int p = 0; p < pulses; p++) {
            multiply_conjugate((float *)(y + (size_t)p * samples), (const float *)h, samples);
        }

        fftwf_execute(backward);
        fftwf_execute(doppler);
        double elapsed = seconds() - start;
        map = elapsed < map ? elapsed : map;
    }

    for (int r = 0; r < repetitions; r++) {
        double start = seconds();
        float *restrict to = (float *)sum;
        memset(sum, 0, sizeof(*sum) * samples);
        for (int p = 0; p < pulses; p++) {
            const float *restrict from = (const float *)(x + (size_t)p * samples);
            for (int i = 0; i < 2 * samples; i++) {
                to[i] += from[i];
            }
        }

        fftwf_execute(once);
        multiply_conjugate((float *)sum, (const float *)h, samples);
        fftwf_execute(back);
        double elapsed = seconds() - start;
        accumulate = elapsed < accumulate ? elapsed : accumulate;
    }

    printf("range_doppler %.1f\naccumulate_filter %.1f\n", total / map / 1e6, total / accumulate / 1e6);
    return 0;
}
