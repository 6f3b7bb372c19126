using System;

namespace JaxSharp.Compiler.Contractions;

/// <summary>The cost model of tiles: how an output is cut into strips of rows and panels of vectors.</summary>
/// <param name="Vectors">The number of vectors in a full tile.</param>
/// <param name="Strips">The number of strips that the rows are cut into, as evenly as possible.</param>
internal readonly record struct TileShape(int Vectors, int Strips)
{
    /// <summary>The shape that takes the fewest instructions for an output of so many rows and vectors.</summary>
    public static TileShape For(int rows, int columnVectors, int vectorBytes)
    {
        int accumulators = TileKernel.Accumulators(vectorBytes);
        var best = default(TileShape);
        double least = double.PositiveInfinity;
        for (int vectors = 1; vectors <= Math.Min(columnVectors, TileKernel.MaxVectors); vectors++)
        {
            int most = Math.Min(TileKernel.MaxRows, accumulators / vectors);
            var shape = new TileShape(vectors, Math.Max(1, ((rows - 1) / most) + 1));
            double cost = shape.Cost(rows, columnVectors);

            // One register holds the broadcast element, and one is left over.
            if ((most * vectors) + vectors + 1 < TileKernel.Registers(vectorBytes) && cost <= least)
            {
                (best, least) = (shape, cost);
            }
        }

        return best;
    }

    /// <summary>The instructions for one step of K in all tiles.</summary>
    public double Cost(int rows, int columnVectors)
    {
        (int panels, int edge) = Math.DivRem(columnVectors, Vectors);
        double tileRows = (double)rows / Strips;
        double cost = panels * TileCost(tileRows, Vectors);
        return Strips * (edge == 0 ? cost : cost + TileCost(tileRows, edge));
    }

    // Multiplications, loads and the loop. The right operand comes from the second-level cache, so that its loads count twice.
    // Processors that can start two multiplications and two loads in a cycle are held up by loads as soon as anything else
    // shares their core, so that wide tiles of few rows, which load least, are the best everywhere.
    private static double TileCost(double rows, int vectors) => (rows * vectors) + rows + (2 * vectors) + 3;
}
