from flask import Flask, jsonify, render_template, request

PRICES = {"apple": 40, "bread": 320, "cheese": 510}


def create_app():
    app = Flask(__name__)

    @app.get("/")
    def index():
        return render_template("index.html", prices=PRICES)

    @app.post("/total")
    def total():
        basket = request.get_json(force=True)
        unknown = sorted(set(basket) - set(PRICES))
        if unknown:
            return jsonify(error="not on sale", items=unknown), 422
        return jsonify(cents=sum(PRICES[item] * count for item, count in basket.items()))

    return app
