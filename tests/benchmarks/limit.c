/* The same arithmetic as workload W2, as fast as plain C goes: the mean hinge loss of
   MLP(2, [16, 16, 1]) with ReLU over n points (x, y, side), and the gradient of its 337 parameters.
   A neuron's weights stand together, its bias last. */

#include <math.h>
#include <string.h>

enum { IN = 2, WIDE = 16, FIRST = WIDE * (IN + 1), SECOND = WIDE * (WIDE + 1) };

/* The matrix of a layer turned, so that its inner loop runs over neurons side by side. */
static void turn(int width, const double *rows, double (*turned)[WIDE])
{
    for (int j = 0; j < WIDE; j++)
        for (int i = 0; i <= width; i++)
            turned[i][j] = rows[j * (width + 1) + i];
}

static inline void layer(int width, const double (*turned)[WIDE], const double *xs, double *out)
{
    memcpy(out, turned[width], WIDE * sizeof *out);
    for (int i = 0; i < width; i++)
        for (int j = 0; j < WIDE; j++) out[j] += turned[i][j] * xs[i];
    for (int j = 0; j < WIDE; j++) out[j] = out[j] > 0 ? out[j] : 0;
}

double loss_and_gradient(const double *p, const double *points, int n, double *gradient)
{
    double first[IN + 1][WIDE], second[WIDE + 1][WIDE];
    double by_first[IN + 1][WIDE] = {0}, by_second[WIDE + 1][WIDE] = {0}, by_last[WIDE + 1] = {0};
    const double *rows = p + FIRST, *last = p + FIRST + SECOND;
    double loss = 0;
    turn(IN, p, first);
    turn(WIDE, rows, second);

    for (int k = 0; k < n; k++) {
        const double *xs = points + 3 * k, side = xs[2];
        double h[WIDE], g[WIDE], at_h[WIDE] = {0}, at_g[WIDE], score = last[WIDE];
        layer(IN, first, xs, h);
        layer(WIDE, second, h, g);
        for (int j = 0; j < WIDE; j++) score += last[j] * g[j];
        double hinge = 1 - side * score;
        double adjoint = hinge > 0 ? -side / n : 0;
        loss += hinge > 0 ? hinge : 0;

        by_last[WIDE] += adjoint;
        for (int j = 0; j < WIDE; j++) by_last[j] += adjoint * g[j];
        for (int j = 0; j < WIDE; j++) at_g[j] = g[j] > 0 ? adjoint * last[j] : 0;
        for (int j = 0; j < WIDE; j++)
            for (int i = 0; i < WIDE; i++) at_h[i] += at_g[j] * rows[j * (WIDE + 1) + i];
        for (int i = 0; i < WIDE; i++)
            for (int j = 0; j < WIDE; j++) by_second[i][j] += at_g[j] * h[i];
        for (int j = 0; j < WIDE; j++) by_second[WIDE][j] += at_g[j];

        for (int j = 0; j < WIDE; j++) at_h[j] = h[j] > 0 ? at_h[j] : 0;
        for (int i = 0; i < IN; i++)
            for (int j = 0; j < WIDE; j++) by_first[i][j] += at_h[j] * xs[i];
        for (int j = 0; j < WIDE; j++) by_first[IN][j] += at_h[j];
    }

    for (int j = 0; j < WIDE; j++) {
        for (int i = 0; i <= IN; i++) gradient[j * (IN + 1) + i] = by_first[i][j];
        for (int i = 0; i <= WIDE; i++) gradient[FIRST + j * (WIDE + 1) + i] = by_second[i][j];
    }
    memcpy(gradient + FIRST + SECOND, by_last, sizeof by_last);
    return loss / n;
}

/* So many steps of Adam, or of gradient descent; the last loss. */
double train(double *p, const double *points, double *m, double *v, double *g,
             int n, int steps, int adam, double rate)
{
    double loss = 0, beta1 = 1, beta2 = 1;
    for (int t = 1; t <= steps; t++) {
        loss = loss_and_gradient(p, points, n, g);
        beta1 *= 0.9, beta2 *= 0.999;
        for (int i = 0; i < FIRST + SECOND + WIDE + 1; i++) {
            if (!adam) {
                p[i] -= rate * g[i];
                continue;
            }
            m[i] = 0.9 * m[i] + 0.1 * g[i];
            v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
            p[i] -= rate * (m[i] / (1 - beta1)) / (sqrt(v[i] / (1 - beta2)) + 1e-8);
        }
    }
    return loss;
}
