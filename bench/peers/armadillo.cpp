// Armadillo's gmm_full and gmm_diag from given parameters: the time of 1 + n iterations less that of 1, since `learn` has work of its
// own before and after. It adds nothing to a variance (regCovar) but raises it to a floor: 1e-6 too, which no variance of these
// problems comes near; without the 1e-6 that the others add, the bound differs by some 1e-11.
//
//   g++ -O3 -march=native -fopenmp -DARMA_DONT_USE_WRAPPER -DARMA_USE_OPENMP armadillo.cpp -o armadillo -llapack -lblas
//   armadillo FOLDER MODEL N D K ITERATIONS REPETITIONS START   (START: weights, means, covariances as float64)
#define ARMA_DONT_PRINT_FAST_MATH_WARNING
#include <algorithm>
#include <armadillo>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <omp.h>
#include <string>
#include <vector>

static std::vector<double> read_doubles(std::ifstream& file, size_t count) {
  std::vector<double> values(count);
  file.read(reinterpret_cast<char*>(values.data()), count * sizeof(double));
  if (!file) throw std::runtime_error("the start is shorter than its shape");
  return values;
}

/// The most memory that this program had resident, from the system's own account.
static long long peak_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmHWM:", 0) == 0) return 1024LL * std::stoll(line.substr(6));
  }
  return 0;
}

/// A copy of the start learns for so many iterations.
template <typename Model>
static double learn(Model& model, const Model& start, const arma::mat& x, arma::uword k, arma::uword iterations) {
  model = start;
  const auto begun = std::chrono::steady_clock::now();
  if (!model.learn(x, k, arma::maha_dist, arma::keep_existing, 0, iterations, 1e-6, false)) {
    throw std::runtime_error("learn failed");
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

template <typename Model>
static void measure(const Model& start, const arma::mat& x, arma::uword k, arma::uword iterations, int repetitions) {
  Model model;
  learn(model, start, x, k, 1);
  // several in a row where one is too short for the clock
  const int often = std::max(1, int(0.2 / learn(model, start, x, k, 1 + iterations)));
  std::printf("{\"peer\": \"Armadillo\", \"version\": \"%s\", \"precision\": \"float64\", \"threads\": %d, \"device\": \"cpu\", ",
              arma::arma_version::as_string().c_str(), omp_get_max_threads());
  std::printf("\"secondsPerIteration\": [");
  for (int r = 0; r < repetitions; r++) {
    double difference = 0;
    for (int i = 0; i < often; i++) {
      difference -= learn(model, start, x, k, 1);
      difference += learn(model, start, x, k, 1 + iterations);
    }
    std::printf("%s%.9g", r == 0 ? "" : ", ", difference / double(iterations) / often);
  }
  learn(model, start, x, k, iterations);
  const long long peak = peak_bytes();
  std::printf("], \"lowerBound\": %.17g, \"lowerBoundIndex\": %d, \"peakBytes\": %lld, \"note\": \"OpenMP\"}\n",
              model.avg_log_p(x), int(iterations), peak);
}

int main(int count, char** words) {
  if (count != 9) {
    std::cerr << "FOLDER MODEL N D K ITERATIONS REPETITIONS START\n";
    return 2;
  }
  const std::string folder = words[1], kind = words[2];
  const arma::uword n = std::stoull(words[3]), d = std::stoull(words[4]), k = std::stoull(words[5]);
  const arma::uword iterations = std::stoull(words[6]);
  const int repetitions = std::stoi(words[7]);
  try {
    // A column a sample: the rows of the file, as they lie.
    arma::mat x(d, n);
    std::ifstream samples(folder + "/x.f32", std::ios::binary);
    std::vector<float> row(d);
    for (arma::uword i = 0; i < n; i++) {
      samples.read(reinterpret_cast<char*>(row.data()), d * sizeof(float));
      for (arma::uword j = 0; j < d; j++) x(j, i) = row[j];
    }
    if (!samples) throw std::runtime_error("x.f32 is shorter than its shape");
    std::ifstream file(words[8], std::ios::binary);
    const arma::rowvec weights(read_doubles(file, k));
    const auto means_read = read_doubles(file, d * k);
    const arma::mat means(means_read.data(), d, k);
    const auto covariances = read_doubles(file, kind == "full" ? d * d * k : d * k);
    if (kind == "full") {
      arma::gmm_full start;
      start.set_params(means, arma::cube(covariances.data(), d, d, k), weights);
      measure(start, x, k, iterations, repetitions);
    } else {
      arma::gmm_diag start;
      start.set_params(means, arma::mat(covariances.data(), d, k), weights);
      measure(start, x, k, iterations, repetitions);
    }
  } catch (const std::exception& error) {
    std::printf("{\"peer\": \"Armadillo\", \"error\": \"%s\"}\n", error.what());
  }
}
