"""Writes a small hourly series: python3 make_series.py PATH [ROWS]. Load and temperature are sines of a day and a week with noise."""

import datetime
import math
import random
import sys


def main() -> None:
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1500
    noise = random.Random(1)
    moment = datetime.datetime(2024, 1, 1)
    with open(sys.argv[1], "w") as file:
        file.write("date,load,temperature\n")
        for hour in range(rows):
            day, week = math.sin(math.tau * hour / 24), math.sin(math.tau * hour / 168)
            load = 5 + 2 * day + week + noise.gauss(0, 0.3)
            temperature = 12 - 6 * day + 2 * week + noise.gauss(0, 0.5)
            file.write(f"{moment + datetime.timedelta(hours=hour)},{load:.4f},{temperature:.4f}\n")


if __name__ == "__main__":
    main()
